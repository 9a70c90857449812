"""Stands before an HTTP server: hands requests on to it, or lets them meet with trouble."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from contract.worlds.base import Fault

_END = b"\r\n\r\n"
_KEPT = re.compile(rb"\r\nConnection: [^\r]*", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """An answer given instead of the truth."""

    status: int
    body: bytes
    media_type: str = "application/json"
    reason: str = "Trouble"

    def wire(self) -> bytes:
        head = f"HTTP/1.1 {self.status} {self.reason}\r\nContent-Type: {self.media_type}"
        head += f"\r\nContent-Length: {len(self.body)}"
        return f"{head}\r\nConnection: close".encode() + _END + self.body


def tls(certificate: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS with the key and certificate in this file."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@dataclass
class Door:
    """A loopback port in front of `target`. reply: what every request gets instead of being handed on; `dropped`: the
    connection is closed without a word; `hanging`: no answer comes until `released`.
    """

    target: tuple[str, int]
    tls: ssl.SSLContext | None = None
    reply: Reply | None = None
    dropped: bool = False
    hanging: bool = False
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def mend(self) -> None:
        self.reply, self.dropped, self.hanging = None, False, False

    def hang(self) -> None:
        self.hanging = True

    def drop(self) -> None:
        self.dropped = True

    @contextmanager
    def opened(self) -> Iterator["Door"]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            threading.Thread(target=self._listen, args=[listener], daemon=True).start()
            yield self
            self.released.set()
            listener.shutdown(socket.SHUT_RDWR)

    def _listen(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # A client that goes away, or does not trust us, is no news.
        with suppress(OSError), connection, self._secured(connection) as client:
            request = _request(client)
            if self.hanging:
                self.released.wait(60)
            elif self.reply:
                client.sendall(self.reply.wire())
            elif request and not self.dropped:
                self._hand_on(request, client)

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True) if self.tls else connection

    def _hand_on(self, request: bytes, client: socket.socket) -> None:
        with socket.create_connection(self.target) as plain, self._trusting(plain) as server:
            head, _, body = request.partition(_END)
            server.sendall(_KEPT.sub(b"", head) + b"\r\nConnection: close" + _END + body)
            if self.tls is None:
                server.shutdown(socket.SHUT_WR)
            while data := server.recv(65536):
                client.sendall(data)

    def _trusting(self, plain: socket.socket) -> socket.socket:
        if self.tls is None:
            return plain
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain)


def _request(client: socket.socket) -> bytes:
    """One request, whole; nothing where the client left before it was."""
    received = b""
    while _END not in received or len(received) < _length(received):
        data = client.recv(65536)
        if not data:
            return b""
        received += data
    return received


def _length(received: bytes) -> int:
    head, _, _ = received.partition(_END)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return len(head) + len(_END) + int(fields.get(b"content-length", 0))


def http_faults(door: Door, refusal: Callable[[int], Reply], statuses: Mapping[int, str]) -> list[Fault]:
    """Every status with the kind of its error, and every way in which an answer can be none."""

    def replying(reply: Reply) -> Callable[[], None]:
        return lambda: setattr(door, "reply", reply)

    told = [Fault(str(status), kind, replying(refusal(status))) for status, kind in statuses.items()]
    page = Reply(200, b"<!DOCTYPE html><html><h1>Please log in</h1></html>", "text/html")
    cut = Reply(200, refusal(200).body[:-9])
    return [
        *told,
        Fault("a page", "failed", replying(page)),
        Fault("cut", "failed", replying(cut)),
        Fault("dropped", "unreachable", door.drop),
        Fault("no answer", "timed_out", door.hang),
    ]
