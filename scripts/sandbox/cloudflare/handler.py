"""One HTTP exchange: read it, record it, let a fault have its way, and put the answer into the envelope."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.cloudflare.backend import Backend
from sandbox.cloudflare.errors import ApiError, invalid, no_route
from sandbox.cloudflare.faults import EDGE_PAGE, Fault
from sandbox.cloudflare.ratelimit import limited
from sandbox.cloudflare.recording import Request
from sandbox.cloudflare.routes import Answer, Call, dispatch
from sandbox.cloudflare.tokens import authenticate

PREFIX = "/client/v4"
_NOT_DONE = frozenset(("dropped", "html", "limited", "unavailable"))


class Http(ThreadingHTTPServer):
    """A thread for each connection; the fake behind it decides."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], fake: Backend) -> None:
        self.fake = fake
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    """What one connection carries, request after request."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet: two would wait for each other on a kept connection
    server: Http

    def log_message(self, *_: Any) -> None:
        """Say nothing: the recording has it all."""

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _answer(self) -> None:
        fake, url = self.server.fake, urlsplit(self.path)
        path = url.path.removeprefix(PREFIX)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {key.lower(): value for key, value in self.headers.items() if key.lower() != "authorization"}
        query = parse_qsl(url.query, keep_blank_values=True)
        request = Request(self.command, path, query, _parsed(raw), headers)
        with fake.state.lock:
            fake.recording.requests.append(request)
            fault = fake.faults.take(self.command, path)
            status, extra, payload = self._outcome(request, fault, inside=url.path.startswith(PREFIX))
        self._deliver(request, fault, status, extra, payload)

    def _outcome(self, request: Request, fault: Fault | None, *, inside: bool) -> tuple[int, dict[str, str], bytes]:
        try:
            if not inside:
                raise no_route(self.path)
            if fault is not None and fault.kind in _NOT_DONE:
                raise (
                    limited(fault.seconds)
                    if fault.kind == "limited"
                    else ApiError(fault.status, 10001, "Internal error")
                )
            return self._done(request)
        except ApiError as error:
            body = {"success": False, "errors": error.errors, "messages": [], "result": None}
            return error.status, error.headers, json.dumps(body).encode()

    def _done(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        fake = self.server.fake
        token = authenticate(self.headers.get("Authorization"), fake.tokens)
        limits = fake.rate_limit.count(token.id)
        if request.body is not None and request.headers.get("content-type") != "application/json":
            raise invalid(9207, "Content-Type must be application/json.")
        return 200, limits, _payload(dispatch(Call(fake.state, token, request)))

    def _deliver(
        self, request: Request, fault: Fault | None, status: int, extra: dict[str, str], payload: bytes
    ) -> None:
        kind = fault.kind if fault else None
        if kind in ("lost", "dropped"):
            self.close_connection = True
            return
        if fault is not None and kind in ("html", "lost_html"):
            status, extra, payload = fault.status, {}, EDGE_PAGE.format(status=fault.status).encode()
        if fault is not None and kind == "slow":
            time.sleep(fault.seconds)
        request.status = status
        payload = self.server.fake.faults.tamper(payload)
        self.send_response(status)
        self.send_header("Content-Type", _content_type(payload))
        self.send_header("Content-Length", str(len(payload)))
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload[: len(payload) // 2] if kind == "cut" else payload)
        self.close_connection = kind == "cut"


def _parsed(raw: bytes) -> Any:
    """The body as JSON where it is, else as text."""
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")


def _payload(answer: Answer) -> bytes:
    if answer.bare:
        return answer.result.encode() if isinstance(answer.result, str) else json.dumps(answer.result).encode()
    body = {"result": answer.result, "success": True, "errors": [], "messages": list(answer.messages)}
    return json.dumps(body | ({"result_info": answer.info} if answer.info else {})).encode()


def _content_type(payload: bytes) -> str:
    if payload.startswith(b"<!DOCTYPE"):
        return "text/html; charset=UTF-8"
    return "text/plain; charset=utf-8" if payload.startswith(b";;") else "application/json"
