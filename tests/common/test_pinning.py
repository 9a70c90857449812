"""A certificate is trusted by its fingerprint alone, on every way to it, before anything of ours is sent."""

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra_mcp_common.errors import Unreachable
from infra_mcp_common.io import pinning
from infra_mcp_common.io.http import Http
from infra_mcp_common.tool_calls.call_context import Call
from sandbox.proxmox.tls import Authority
from support.running import serving

pytestmark = pytest.mark.anyio

OTHER = "ab" * 32


class Recording(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Requests are recorded, not logged."""


class TlsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), Recording)
        self.asked: list[str] = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)

    def get_request(self) -> tuple[Any, Any]:
        """A connection, still without its handshake: that is done in its own thread."""
        plain, client = super().get_request()
        return self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), client

    def handle_error(self, *_: Any) -> None:
        """A client that does not trust us is part of the game."""


@pytest.fixture
def pinned(tmp_path: Path) -> Iterator[tuple[TlsServer, str]]:
    """A server that no CA of the system vouches for, and the fingerprint of its certificate."""
    printed = Authority.create().issue("pve1", tmp_path / "server.pem")
    with TlsServer(tmp_path / "server.pem") as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server, printed
        server.shutdown()


def client(server: TlsServer, context: ssl.SSLContext) -> Http:
    base = f"https://127.0.0.1:{server.server_port}"
    return Http("the system", base, {"Authorization": "token"}, verify=False, adapter=pinning.adapter(context))


async def status(http: Http, environment: dict[str, str] | None = None) -> int:
    with serving(Call("test"), environment), closing(http):
        return (await http.request("GET", "/path", timeout=10)).status


async def test_the_pinned_certificate_is_trusted_and_no_other(pinned: tuple[TlsServer, str]) -> None:
    server, printed = pinned
    own = pinning.parse_fingerprint(printed)
    assert own
    assert await status(client(server, pinning.pinned_context({OTHER, own}))) == 200
    with pytest.raises(Unreachable) as raised:
        await status(client(server, pinning.pinned_context({OTHER})))
    assert raised.value.facts["cause"] == "tls"
    assert server.asked == ["/path"]


async def test_an_operator_who_insists_talks_to_anybody(pinned: tuple[TlsServer, str]) -> None:
    assert await status(client(pinned[0], pinning.unverified_context())) == 200


async def test_sockets_of_the_event_loop_check_the_same(pinned: tuple[TlsServer, str]) -> None:
    server, printed = pinned
    for fingerprint in (OTHER, str(pinning.parse_fingerprint(printed))):
        opening = asyncio.open_connection("127.0.0.1", server.server_port, ssl=pinning.pinned_context({fingerprint}))
        if fingerprint == OTHER:
            with pytest.raises(ssl.SSLCertVerificationError):
                await opening
        else:
            _, writer = await opening
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()


@contextmanager
def tunnels() -> Iterator[tuple[str, list[str]]]:
    """A proxy that makes tunnels: its URL, and where they led."""
    led: list[str] = []

    def serve(accepted: socket.socket) -> None:
        with accepted, suppress(OSError):
            asked = accepted.recv(65536).decode()
            found = re.match(r"CONNECT ([\w.]+):(\d+) ", asked)
            assert found, asked
            led.append(found[0])
            with socket.create_connection((found[1], int(found[2]))) as onward:
                accepted.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=carry, args=[onward, accepted])
                back.start()
                carry(accepted, onward)
                back.join()

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", led
        listener.shutdown(socket.SHUT_RDWR)


def carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


async def test_a_proxy_on_the_way_changes_nothing(pinned: tuple[TlsServer, str]) -> None:
    server, printed = pinned
    own = str(pinning.parse_fingerprint(printed))
    with tunnels() as (proxy, led):
        assert await status(client(server, pinning.pinned_context({own})), {"HTTPS_PROXY": proxy}) == 200
        with pytest.raises(Unreachable):
            await status(client(server, pinning.pinned_context({OTHER})), {"HTTPS_PROXY": proxy})
    assert len(led) == 2
    assert server.asked == ["/path"]


@pytest.mark.parametrize("printed", ["AB:" * 31 + "AB", "ab" * 32, f" {'Ab' * 32}\n"])
def test_a_fingerprint_may_be_written_as_tools_print_it(printed: str) -> None:
    assert pinning.parse_fingerprint(printed) == OTHER


@pytest.mark.parametrize("printed", ["", "AB:CD", "ab" * 31, "ab" * 33, "zz" * 32])
def test_what_is_no_sha256_is_no_fingerprint(printed: str) -> None:
    assert pinning.parse_fingerprint(printed) is None
