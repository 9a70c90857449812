"""The API server: HTTP/1.1 over TLS, authentication, permissions, parameters, then the routes."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.proxmox import console, routes
from sandbox.proxmox.auth import authenticate
from sandbox.proxmox.documentation import page
from sandbox.proxmox.errors import ApiError
from sandbox.proxmox.recording import Raw, Recorder, Request
from sandbox.proxmox.routes.tasks import Total
from sandbox.proxmox.schema import load, verify
from sandbox.proxmox.state import Cluster
from sandbox.proxmox.tasks import nothing
from sandbox.proxmox.websocket import accept

API = "/api2/json"
JSON = "application/json;charset=UTF-8"
DOCUMENTATION = "/pve-docs/api-viewer/apidoc.js"
# From 8.4 on the body of a refusal repeats the reason; before, only the reason phrase has it.
SPEAKS_IN_BODY = ("8.4", "9.1")


class ApiServer(ThreadingHTTPServer):
    """One node's API server. All endpoints of a cluster share its state and its lock."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, cluster: Cluster, recorder: Recorder, lock: threading.RLock, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cluster, self.recorder, self.lock, self.context = cluster, recorder, lock, context
        self.auth_delay = 0.0
        self.connections: set[Any] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> tuple[Any, Any]:
        """A connection, still without its handshake: that is done in its own thread."""
        plain, client = super().get_request()
        return self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), client

    def go_away(self) -> None:
        """Stop as a node does that loses its power: kept connections end too."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            # The thread that serves it may be closing it just now.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: ApiServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    meanwhile: Callable[[], None] = staticmethod(nothing)

    def setup(self) -> None:
        self.server.connections.add(self.request)
        self.request.settimeout(30)
        self.request.do_handshake()
        super().setup()

    def finish(self) -> None:
        self.server.connections.discard(self.request)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
        """Requests are recorded, not logged."""

    def do_GET(self) -> None:
        self.answer()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 -- the base class calls them by these names

    def do_PATCH(self) -> None:
        self.send_error_page(ApiError(501, f"method '{self.command}' not available"), said=False)

    do_HEAD = do_OPTIONS = do_PATCH  # noqa: N815 -- as above

    def answer(self) -> None:
        parts = urlsplit(self.path)
        request = Request(self.command, unquote(parts.path.removeprefix(API)), endpoint=self.server.address)
        self.server.recorder.requests.append(request)
        fault = self.server.recorder.strike(request.line)
        if fault and fault.answer:
            self.read_body()
            request.status = fault.answer.status
            self.send_raw(fault.answer)
            return
        # It happens before the client has the answer, and so before the client's next request.
        self.meanwhile = fault.after if fault and fault.after else nothing
        try:
            guest = self.dispatch(request, parts.path, parts.query)
        except ApiError as error:
            request.status = error.status
            # Refused credentials have an empty body, and in production a delay against guessing.
            if error.status == 401:
                time.sleep(self.server.auth_delay)
            self.send_error_page(error, said=error.status != 401 or "permission" in error.message)
            guest = None
        if guest:
            console.serve(self.request, self.server.cluster, guest)

    def dispatch(self, request: Request, path: str, query: str) -> Any:
        """Answer the request; a container if a console follows."""
        if path == DOCUMENTATION:
            request.path, request.status = path, 200
            self.send_body(200, "OK", page(self.server.cluster.version), "application/javascript")
            return None
        given = self.given(query)
        with self.server.lock:
            token = authenticate(self.server.cluster.tokens, self.headers.get("Authorization"))
            request.token, request.params = token.id, given
            data = self.carry_out(request, token, given)
        request.status = 200
        if request.path.endswith("/vncwebsocket"):
            request.status = 101
            self.upgrade()
            return data
        self.send_data(data)
        return None

    def carry_out(self, request: Request, token: Any, given: dict[str, Any]) -> Any:
        """The real server's order: known call, permission, node, parameters, then the deed."""
        cluster = self.server.cluster
        found = routes.find(request.method, request.path)
        known = load(cluster.version)
        if found is None or found[0] not in known:
            raise ApiError(501, f"Method '{request.method} {request.path}' not implemented")
        name, in_path = found
        endpoint, values = known[name], in_path | given
        cluster.rights(token).check(endpoint.check.get("check"), values)
        if "node" in in_path:
            cluster.reach(in_path["node"])
        params = verify(endpoint, values)
        cluster.tasks.settle()
        return routes.HANDLERS[name](routes.Call(cluster, token, params))

    def given(self, query: str) -> dict[str, Any]:
        """Parameters of the query, or for POST and PUT of the body."""
        if self.headers.get("Transfer-Encoding"):
            raise ApiError(501, "chunked transfer encoding not supported", plain=True)
        body = self.read_body()
        if self.command in {"GET", "DELETE"}:
            return form(query)
        if self.headers.get("Content-Type", "").startswith("application/json") and body:
            return from_json(body)
        return form(body.decode("utf-8", "replace"))

    def read_body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def upgrade(self) -> None:
        self.send_response_only(101, "Switching Protocols")
        for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade")):
            self.send_header(name, value)
        self.send_header("Sec-WebSocket-Accept", accept(self.headers.get("Sec-WebSocket-Key", "")))
        if "binary" in self.headers.get("Sec-WebSocket-Protocol", ""):
            self.send_header("Sec-WebSocket-Protocol", "binary")
        self.end_headers()
        self.close_connection = True

    def send_data(self, data: Any) -> None:
        body: dict[str, Any] = {"data": data}
        if isinstance(data, Total):
            body["total"] = data.total
        self.send_body(200, "OK", self.server.recorder.tamper(json.dumps(body).encode()), JSON)

    def send_error_page(self, error: ApiError, *, said: bool) -> None:
        """Every refusal closes the connection."""
        self.close_connection = True
        if error.plain:
            self.send_body(error.status, error.reason, error.message.encode(), "")
            return
        body: dict[str, Any] = {"data": None}
        if self.server.cluster.version in SPEAKS_IN_BODY:
            body["message"] = error.message if error.status == 501 else f"{error.message}\n"
        if error.errors:
            body["errors"] = error.errors
        self.send_body(error.status, error.reason, json.dumps(body).encode() if said else b"", JSON)

    def send_raw(self, raw: Raw) -> None:
        time.sleep(raw.seconds)
        self.close_connection = True
        if raw.drop:
            return
        self.send_response_only(raw.status, raw.reason)
        for name, value in raw.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw.body) if raw.length is None else raw.length))
        self.end_headers()
        self.wfile.write(raw.body)

    def send_body(self, status: int, reason: str, body: bytes, kind: str) -> None:
        self.meanwhile()
        self.send_response_only(status, reason)
        self.send_header("Cache-Control", "max-age=0")
        self.send_header("Connection", "close" if self.close_connection else "Keep-Alive")
        self.send_header("Date", self.date_time_string())
        self.send_header("Pragma", "no-cache")
        self.send_header("Server", "pve-api-daemon/3.0")
        self.send_header("Content-Length", str(len(body)))
        if body and kind:
            self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)


def form(text: str) -> dict[str, Any]:
    """URL-encoded parameters; a repeated key is an array."""
    parsed = parse_qs(text, keep_blank_values=True)
    return {name: values if len(values) > 1 else values[0] for name, values in parsed.items()}


def from_json(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError as error:
        raise ApiError(500, f"malformed JSON string: {error}", plain=True) from None
    return {name: plain(value) for name, value in data.items()}


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(int(value)) if isinstance(value, bool) else str(value)
