"""Connections: how many, how long one may take to ask, and what becomes of them when the server stops."""

import asyncio
import socket
from contextlib import suppress
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from infra_mcp_common.http_server.endpoint import Limits

BACKLOG = 2048
KEPT_SECONDS = 60
# A connection that is there when the server stops may carry a request that is still under way to us.
_LAST_CHANCE_SECONDS = 1.0
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n"
# Half-open connections and clients that never read are found by the kernel.
_KERNEL_OPTIONS = (
    (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
    (socket.IPPROTO_TCP, "TCP_KEEPIDLE", 30),
    (socket.IPPROTO_TCP, "TCP_KEEPINTVL", 10),
    (socket.IPPROTO_TCP, "TCP_KEEPCNT", 3),
    (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 60_000),
)


class Config(uvicorn.Config):
    """uvicorn's settings, with ours for connections. stopping: no new request may be waited for any more."""

    def __init__(self, app: Any, limits: Limits, **settings: Any) -> None:
        super().__init__(app, http=Connection, **settings)
        self.limits = limits
        self.stopping = False


class Connection(H11Protocol):
    """One connection; cut off where it takes too long to ask, or is one too many."""

    config: Config

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        if len(self.connections) > self.config.limits.connections:
            self.transport.write(_FULL)
            self.transport.close()
            return
        _set_kernel_options(transport)
        self._await_request()
        if self.config.stopping:
            self.shutdown()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._time_request()
        if self.config.stopping and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._time_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if self.cycle is None:
            self.loop.call_later(_LAST_CHANCE_SECONDS, self._close_unless_asked)
        else:
            super().shutdown()

    def _close_unless_asked(self) -> None:
        if self.cycle is None:
            super().shutdown()

    def _time_request(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self.conn.trailing_data[0]:
            self._await_request()

    def _await_request(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(self.config.limits.patience, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def _set_kernel_options(transport: asyncio.BaseTransport) -> None:
    open_socket = transport.get_extra_info("socket")
    for level, name, value in _KERNEL_OPTIONS:
        # Not every system has every one of them.
        with suppress(OSError, AttributeError):
            open_socket.setsockopt(level, getattr(socket, name), value)


class Listener(uvicorn.Server):
    """uvicorn, listening on a socket of ours; signals are ours too."""

    config: Config

    def __init__(self, config: Config, listening: socket.socket) -> None:
        super().__init__(config)
        self._socket = listening
        self._arriving: set[asyncio.Task[Any]] = set()

    async def run_until_told(self) -> None:
        # The public `serve` would take the signals.
        await self._serve()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 -- uvicorn's signature
        await self.lifespan.startup()
        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                self._protocol, sock=self._socket, backlog=self.config.backlog, ssl=self.config.ssl, **self._patience
            )
        ]
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.stopping = True
        self._take_in_the_last()
        await super().shutdown(sockets)

    def _take_in_the_last(self) -> None:
        """Accept what has arrived already: closing the socket would reset it, although nobody has told the client."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while True:
                arrived, _ = self._socket.accept()
                coming = loop.connect_accepted_socket(self._protocol, arrived, ssl=self.config.ssl, **self._patience)
                self._arriving.add(loop.create_task(coming))

    @property
    def _patience(self) -> dict[str, Any]:
        return {"ssl_handshake_timeout": self.config.limits.patience} if self.config.ssl else {}

    def _protocol(self) -> asyncio.Protocol:
        return Connection(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
