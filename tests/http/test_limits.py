"""Too much, too slow and too many are cut off, and whoever behaves is served meanwhile."""

import socket
from contextlib import ExitStack, suppress

import anyio.to_thread
import pytest

from support.http_server import HEADERS, HttpServer, plain_client, request

pytestmark = pytest.mark.anyio
HEAD = "POST /mcp HTTP/1.1\r\nHost: localhost\r\n" + "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())


def sent(server: HttpServer, text: str) -> bytes:
    """Send this and then nothing; what came until the server hung up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        received = b""
        # A server that has heard enough may hang up before all was said.
        with suppress(ConnectionError):
            connection.sendall(text.encode())
            while part := connection.recv(65536):
                received += part
        return received


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"{HEAD}Content-Length: 20000\r\n\r\n" + "x" * 20000, b"413"),
        (f"{HEAD}Transfer-Encoding: chunked\r\n\r\n4e20\r\n" + "x" * 20000 + "\r\n0\r\n\r\n", b"413"),
        (f"{HEAD}Content-Length: 20\r\n\r\nx", b"408"),
        (f"{HEAD}X-Large: {'x' * 20000}\r\n\r\n", b"431"),
        (f"{HEAD}X-Endless: {'x' * 400_000}", b"400"),
        (HEAD, b""),
        ("", b""),
        ("nonsense\r\n\r\n", b"400"),
    ],
    ids=[
        "large",
        "large chunked",
        "slow body",
        "large headers",
        "endless headers",
        "slow headers",
        "silent",
        "nonsense",
    ],
)
@pytest.mark.promise("requests-are-bounded")
async def test_a_request_that_is_too_large_or_too_slow_is_cut_off(
    http_server: HttpServer, text: str, status: bytes
) -> None:
    answer = await anyio.to_thread.run_sync(sent, http_server, text)
    assert answer.split()[1:2] == ([status] if status else [])


@pytest.mark.promise("requests-are-bounded")
async def test_a_kept_connection_is_cut_off_too_when_its_next_request_dawdles(http_server: HttpServer) -> None:
    health = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = await anyio.to_thread.run_sync(sent, http_server, health + "GET /health HTT")
    assert answer.count(b"200 OK") == 1


@pytest.mark.promise("requests-are-bounded")
async def test_five_hundred_silent_connections_shut_nobody_out_for_long(http_server: HttpServer) -> None:
    with ExitStack() as crowd:
        address = ("127.0.0.1", http_server.port)
        silent = [crowd.enter_context(socket.create_connection(address, timeout=20)) for _ in range(500)]
        answers = [await anyio.to_thread.run_sync(quiet, connection) for connection in silent]
        assert sum(b"503" in answer for answer in answers) == 100
        async with plain_client() as http:
            assert (await http.post(http_server.url, json=request("say", {"text": "x"}))).status_code == 200


def quiet(connection: socket.socket) -> bytes:
    """What the server says to somebody who says nothing, until it hangs up."""
    try:
        return connection.recv(1000)
    except ConnectionResetError:
        return b""
