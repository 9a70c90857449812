"""A container's console: the API's own terminal, over a WebSocket."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

import anyio

from infra_mcp_common.errors import Failed, Unreachable
from infra_mcp_common.io import proxies
from infra_mcp_common.runtime import current
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.client import API, Client
from infra_mcp_proxmox.transport.paths import guest_path

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_LOGIN = re.compile(rb"(?:login|Password|Login): *$")
_ANSI = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[=>()][0AB]?")
_PIECE = 2048
_CONNECT, _WELCOME, _QUIET = 10.0, 8.0, 0.12


class _Access(TypedDict):
    """What termproxy answers with: where the console waits, and who may come in."""

    port: int | str
    user: str
    ticket: str


class Terminal:
    """A container's console, opened: type into it, read what it prints."""

    def __init__(self, socket: "ClientConnection") -> None:
        self._socket = socket
        self.printed = bytearray()

    async def type(self, keys: bytes) -> None:
        """Send keystrokes in pieces that the server and the terminal's input take."""
        from websockets.exceptions import ConnectionClosed

        for start in range(0, len(keys), _PIECE):
            piece = keys[start : start + _PIECE]
            try:
                await self._socket.send(b"0:%d:" % len(piece) + piece)
            except ConnectionClosed:
                raise _closed() from None

    async def until(self, *wanted: bytes, seconds: float) -> bytes | None:
        """Read until one of these was printed, and return which; None at the deadline."""
        seen = 0
        with anyio.move_on_after(seconds):
            while True:
                # Only what is new, and as much before it as a mark may have been cut by.
                for each in wanted:
                    if self.printed.find(each, max(0, seen - len(each))) >= 0:
                        return each
                seen = len(self.printed)
                self.printed += await self._receive()
        return None

    async def settle(self) -> None:
        """Read until it falls silent."""
        with anyio.move_on_after(1.0):
            self.printed += await self._receive()
            while True:
                with anyio.move_on_after(_QUIET) as silence:
                    self.printed += await self._receive()
                if silence.cancelled_caught:
                    break

    @property
    def asks_for_login(self) -> bool:
        """Whether the last that it printed is a prompt for a name or a password."""
        return _LOGIN.search(_ANSI.sub(b"", bytes(self.printed[-400:]))) is not None

    async def _receive(self) -> bytes:
        from websockets.exceptions import ConnectionClosed

        try:
            data = await self._socket.recv()
        except ConnectionClosed:
            raise _closed() from None
        return data if isinstance(data, bytes) else data.encode()


@asynccontextmanager
async def opened(client: Client, guest: GuestRef) -> AsyncIterator[Terminal]:
    """The console's terminal, past its own check of the ticket."""
    access: _Access = await client.data("POST", guest_path(guest, "termproxy"))
    socket = await _connect(client, guest, access)
    try:
        terminal = Terminal(socket)
        await socket.send(f"{access['user']}:{access['ticket']}\n".encode())
        try:
            welcome = await terminal.until(b"OK", seconds=_WELCOME)
        except Unreachable:
            welcome = None
        if welcome is None:
            raise _unverified(guest)
        del terminal.printed[: terminal.printed.index(b"OK") + 2]
        yield terminal
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(1.0):
            await socket.close()


async def _connect(client: Client, guest: GuestRef, access: _Access) -> "ClientConnection":
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    where = guest_path(guest, "vncwebsocket")
    query = f"port={quote(str(access['port']))}&vncticket={quote(access['ticket'], safe='')}"
    address = f"wss://{client.host}{API}{where}?{query}"
    context = await anyio.to_thread.run_sync(client.trust.context)
    by_scheme = proxies.for_url(f"https://{client.host}", current().environment)
    try:
        return await connect(
            address,
            ssl=context,
            proxy=by_scheme.get("https") or by_scheme.get("all"),
            additional_headers=client.identity.headers,
            subprotocols=["binary"],  # type: ignore[list-item]
            compression=None,
            max_size=None,
            max_queue=64,
            ping_interval=None,
            open_timeout=_CONNECT,
            user_agent_header=None,
        )
    except (WebSocketException, OSError, TimeoutError) as error:
        raise Unreachable(
            f"The console of {guest.label} could not be opened.",
            "Try again; if it stays so, open the console in the web interface and see what that says.",
            said=str(error)[:300],
        ) from None


def _closed() -> Unreachable:
    return Unreachable(
        "The console was closed.",
        "The container may have stopped, or a command may still be running in it: look before you try again.",
    )


def _unverified(guest: GuestRef) -> Failed:
    return Failed(
        f"The console of {guest.label} closed before it began: this Proxmox VE can't verify console tickets of API "
        "tokens (pve-container before 6.1.3).",
        "Upgrade to Proxmox VE 9.2, where tokens work, or let PROXMOX_SSH name the way to its node for pct exec.",
        cause="token_console",
    )
