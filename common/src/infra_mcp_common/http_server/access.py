"""Who may come in: the Host and Origin of a request, and its key. Nothing behind this runs for anybody else."""

import ipaddress
import sys
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from infra_mcp_common.guard.caller import Caller, entered
from infra_mcp_common.http_server.keys import Keys
from infra_mcp_common.http_settings import NAMES
from infra_mcp_common.runtime import current

LARGEST_HEADERS = 16_384
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; a name counts where it can't mean anything else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Names:
    """The names under which clients may ask for this server.

    A page in somebody's browser can make a name of its own point here, but it can't choose the name that is sent along.
    An IP address as Host can't be such a name, so where a key is needed any address passes.
    """

    def __init__(self, bound: str, listed: list[str], *, keyed: bool) -> None:
        self._known = {name.lower() for name in (*listed, bound, *_LOOPBACK_NAMES)}
        if keyed:
            self._known.add(current().machine.lower())
        self._any_address = keyed

    def host(self, header: str) -> bool:
        name = _host(f"//{header}")
        return bool(name) and (name in self._known or (self._any_address and _is_address(name)))

    def origin(self, header: str) -> bool:
        return _host(header) in self._known


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


class AccessCheck:
    """Lets a request through to `inner` with its caller, or says why not."""

    def __init__(self, inner: ASGIApp, names: Names, keys: Keys, anybody: Caller | None) -> None:
        self._inner, self._names, self._keys, self._anybody = inner, names, keys, anybody

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            return await refusal(431, f"The headers have at most {LARGEST_HEADERS} bytes.")(scope, receive, send)
        if not self._names.host(headers.get("host", "")):
            why = f"The Host of this request is no name of this server; its operator can add it to {NAMES.name}."
            return await refusal(421, why)(scope, receive, send)
        if "origin" in headers and not self._names.origin(headers["origin"]):
            return await refusal(403, "Web pages of other origins may not use this server.")(scope, receive, send)
        caller = self._anybody or self._keys.caller(_bearer(headers))
        if caller is None:
            client = (scope.get("client") or ["an unknown address"])[0]
            print(f"{current().script}: refused a request without a valid key from {client}", file=sys.stderr)
            why = "This server needs a valid API key: send it as Authorization: Bearer KEY."
            return await refusal(401, why)(scope, receive, send)
        with entered(caller):
            await self._inner(scope, receive, send)
        return None


def _bearer(headers: Headers) -> str:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def refusal(status: int, why: str) -> JSONResponse:
    """An answer that ends the connection: what else the client is sending is not read."""
    headers = {"connection": "close"} | ({"www-authenticate": "Bearer"} if status == 401 else {})
    return JSONResponse({"error": why}, status, headers)
