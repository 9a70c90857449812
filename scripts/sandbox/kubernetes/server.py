"""The HTTPS server: loopback only, with a certificate made at start."""

import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.kubernetes.answers import ApiError
from sandbox.kubernetes.api import Answer, Api
from sandbox.kubernetes.faults import Faults
from sandbox.kubernetes.recording import Recording, Request


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, api: Api, faults: Faults, recording: Recording, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.api, self.faults, self.recording = api, faults, recording
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.socket = self.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.faults.released.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        self._record(path, query, headers, body)
        struck = self.server.faults.strike(path)
        if struck in ("hang", "drop"):
            self.close_connection = True
            return
        if struck == "broken":
            self._send(Answer(500, "<html>upstream connect error</html>", "text/html"))
            return
        try:
            answer = self.server.api.answer(self.command, path, query, headers, body)
        except ApiError as error:
            plain = isinstance(error.body, str)
            answer = Answer(error.code, error.body, "text/plain; charset=utf-8" if plain else "application/json")
        self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    def _record(self, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> None:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        user = self.server.api.users.get(token)
        agent = headers.get("user-agent", "")
        request = Request(self.command, path, query, user.name if user else "", body, agent)
        self.server.recording.add(request)

    def _send(self, answer: Answer) -> None:
        if isinstance(answer.body, Iterator):
            self._stream(answer.body)
            return
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, separators=(",", ":"))
        body = self.server.faults.tamper(text.encode())
        self.send_response(answer.code)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, changes: Iterator[dict[str, Any]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for change in changes:
            if self.server.faults.released.is_set():
                return
            if change:
                self.wfile.write(json.dumps(change).encode() + b"\n")
                self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Requests are recorded, not printed."""
