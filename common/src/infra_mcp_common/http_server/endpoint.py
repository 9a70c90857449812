"""What is served at which path, and how a request for /mcp becomes a call."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from infra_mcp_common.http_server.access import refusal

# AccessCheck looks at Host and Origin, for every path and before the key.
_CHECKED_ALREADY = TransportSecuritySettings(enable_dns_rebinding_protection=False)


@dataclass(frozen=True)
class Limits:
    """body: bytes. patience: seconds for a request to arrive whole. grace: seconds for calls to end at a stop."""

    connections: int
    body: int
    patience: float
    grace: float


class Endpoint:
    """Serves /mcp without sessions: each request stands alone, so that any replica can answer it.

    A request is read whole before anything runs. A call ends when its client hangs up.
    """

    def __init__(self, server: MCPServer[Any], limits: Limits) -> None:
        self._limits = limits
        self._in_json = _manager(server, limits, in_json=True)
        self._streaming = _manager(server, limits, in_json=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self._in_json.run(), self._streaming.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with anyio.fail_after(self._limits.patience):
                body = await self._whole(receive)
        except TimeoutError:
            return await refusal(408, "The request did not arrive in time.")(scope, receive, send)
        if body is None:
            return await refusal(413, f"A request has at most {self._limits.body} bytes.")(scope, receive, send)
        manager = self._streaming if _wants_stream(Headers(scope=scope), body) else self._in_json
        async with anyio.create_task_group() as group:
            group.start_soon(_cancel_when_gone, receive, group.cancel_scope)
            await manager.handle_request(scope, _given(body), send)
            group.cancel_scope.cancel()
        return None

    async def _whole(self, receive: Receive) -> bytes | None:
        """The body; None where it is too large."""
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self._limits.body:
                return None
            if not message.get("more_body", False):
                return bytes(body)


def _manager(server: MCPServer[Any], limits: Limits, *, in_json: bool) -> StreamableHTTPSessionManager:
    server.streamable_http_app(
        stateless_http=True,
        json_response=in_json,
        max_request_body_size=limits.body,
        transport_security=_CHECKED_ALREADY,
    )
    return server.session_manager


def _wants_stream(headers: Headers, body: bytes) -> bool:
    """Whether the client takes a stream and has a use for one.

    Since 2026-07-28 the SDK streams only what must be; before, it streams everything, so progress must be asked for.
    """
    if "text/event-stream" not in headers.get("accept", ""):
        return False
    if headers.get("mcp-protocol-version", "2025-03-26") not in HANDSHAKE_PROTOCOL_VERSIONS:
        return True
    try:
        return "progressToken" in json.loads(body)["params"]["_meta"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return False


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _given(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if messages:
            return messages.pop()
        await anyio.sleep_forever()
        raise AssertionError

    return receive


def application(endpoint: Endpoint, guarded: list[Route], health: dict[str, str]) -> Starlette:
    """All paths. Health needs no key and tells no secret."""

    async def alive(_request: Request) -> JSONResponse:
        return JSONResponse(health)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with endpoint.running():
            yield

    open_to_all = [Route(path, alive, methods=["GET"]) for path in ("/health", "/api/v1/health")]
    return Starlette(routes=[*open_to_all, *guarded], lifespan=lifespan)
