"""The HTTP client against a real socket: what is repeated, what is not, and what each failure is called."""

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from requests import Response
from requests.adapters import HTTPAdapter

from infra_mcp_common.errors import Failed, InfraError, InvalidInput, Refused, TimedOut, Unreachable
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import unix_socket
from infra_mcp_common.io.http import AnswerLost, Http, path
from infra_mcp_common.tool_calls.call_context import Call
from support.running import serving

pytestmark = pytest.mark.anyio


class Fake(ThreadingHTTPServer):
    """Answers with the queued replies in turn, then with 200; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[Any] = []
        self.seen: list[tuple[str, str, str | None]] = []
        self.silence = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is part of the game."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Fake

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, self.headers.get("Authorization")))
        reply = self.server.replies.pop(0) if self.server.replies else (200, {}, b'{"ok": true}')
        if reply == "silence":
            self.server.silence.wait(10)
        elif reply == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            status, headers, body = reply
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 -- the names that http.server asks for

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.silence.set()
        server.shutdown()
        thread.join()


async def ask(fake: Fake | str, method: Any, *, kind: Kind | None = None, timeout: float = 5) -> Any:
    client = Http("The fake", fake if isinstance(fake, str) else fake.url, {"Authorization": "token"})
    with serving(Call("test", allowed="destructive")), closing(client):
        return (await client.request(method, "/x", kind=kind, timeout=timeout)).json()


@pytest.mark.parametrize(
    ("method", "replies", "asked"),
    [
        ("GET", ["drop"], 2),
        ("GET", [(503, {}, b""), (502, {}, b"")], 3),
        ("POST", [(429, {"Retry-After": "0"}, b"")], 2),
    ],
)
async def test_what_is_safe_to_repeat_is_repeated(fake: Fake, method: str, replies: list[Any], asked: int) -> None:
    fake.replies = replies
    assert await ask(fake, method) == {"ok": True}
    assert len(fake.seen) == asked


@pytest.mark.parametrize(("reply", "timeout"), [("drop", 10), ("silence", 1)])
async def test_a_change_whose_answer_is_lost_is_sent_once_and_said_to_be_uncertain(
    fake: Fake, reply: str, timeout: float
) -> None:
    fake.replies = [reply]
    with pytest.raises(AnswerLost):
        await ask(fake, "POST", timeout=timeout)
    assert len(fake.seen) == 1


async def test_a_post_that_only_reads_is_repeated_like_a_read(fake: Fake) -> None:
    fake.replies = ["drop"]
    assert await ask(fake, "POST", kind="read") == {"ok": True}


@pytest.mark.parametrize(
    ("reply", "error", "facts"),
    [
        ("silence", TimedOut, {"cause": "timeout"}),
        ((200, {}, b"<html>portal</html>"), Failed, {"status": 200}),
        ((200, {}, b'{"cut": '), Failed, {"status": 200}),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), Failed, {"status": 302}),
    ],
)
@pytest.mark.promise("redirects-are-not-followed")
async def test_each_bad_answer_has_a_name_of_its_own(
    fake: Fake, reply: Any, error: type[InfraError], facts: dict[str, Any]
) -> None:
    fake.replies = [reply]
    with pytest.raises(error) as raised:
        await ask(fake, "GET", timeout=1)
    assert raised.value.facts == facts


async def test_a_wait_longer_than_the_deadline_is_not_waited_for(fake: Fake) -> None:
    fake.replies = [(429, {"Retry-After": "3600"}, b"{}")]
    assert await ask(fake, "GET") == {}
    assert len(fake.seen) == 1


async def test_a_system_that_is_only_made_busier_by_repeats_is_asked_once(fake: Fake) -> None:
    fake.replies = [(429, {"Retry-After": "0"}, b"{}")]
    client = Http("The fake", fake.url, {}, repeat_refused=False)
    with serving(Call("test")), closing(client):
        assert (await client.request("GET", "/x")).status == 429
    assert len(fake.seen) == 1


async def test_a_system_behind_a_unix_socket_is_asked_there_and_missing_it_is_told(tmp_path: Path) -> None:
    with socketserver.UnixStreamServer(str(tmp_path / "socket"), OverSocket) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        client = Http("The daemon", "http://localhost", {}, adapter=unix_socket.adapter(str(tmp_path / "socket")))
        with serving(Call("test")), closing(client):
            assert (await client.request("GET", "/x")).json() == {"path": "/x"}
        thread.join()
    absent = Http("The daemon", "http://localhost", {}, adapter=unix_socket.adapter(str(tmp_path / "absent")))
    with serving(Call("test")), closing(absent), pytest.raises(Unreachable):
        await absent.request("GET", "/x", timeout=1)


class OverSocket(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"path": self.path}).encode())

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.mark.parametrize(
    ("environment", "proxied"),
    [
        ({}, False),
        ({"HTTP_PROXY": "PROXY"}, True),
        ({"all_proxy": "PROXY"}, True),
        ({"http_proxy": "PROXY", "NO_PROXY": "inside.invalid"}, False),
        ({"http_proxy": "PROXY", "NO_PROXY": ".invalid, 10.0.0.0/8"}, False),
        ({"http_proxy": "PROXY", "NO_PROXY": "other.invalid"}, True),
    ],
)
async def test_the_proxies_of_the_servers_own_environment_are_used(
    fake: Fake, environment: dict[str, str], *, proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    client = Http("The fake", "http://inside.invalid", {}, insist=False)
    own = {name: value.replace("PROXY", fake.url) for name, value in environment.items()}
    with serving(Call("test"), own), closing(client):
        if not proxied:
            with pytest.raises(Unreachable) as raised:
                await client.request("GET", "/x", timeout=2)
            assert raised.value.facts == {"cause": "dns"}
        else:
            assert (await client.request("GET", "/x")).status == 200
    assert [path for _, path, _ in fake.seen] == ["http://inside.invalid/x"] * proxied


class Counting(HTTPAdapter):
    """Counts the attempts to send something."""

    attempts = 0

    def send(self, *arguments: Any, **options: Any) -> Response:
        self.attempts += 1
        return super().send(*arguments, **options)


@pytest.mark.parametrize(
    ("base", "cause", "insist", "attempts"),
    [
        ("http://127.0.0.1:1", "refused", True, 3),
        ("http://127.0.0.1:1", "refused", False, 1),
        ("http://nowhere.invalid", "dns", False, 1),
    ],
)
async def test_what_is_out_of_reach_is_told_apart_after_some_attempts_or_one(
    base: str, cause: str, insist: bool, attempts: int
) -> None:
    counting = Counting()
    client = Http("The fake", base, {}, adapter=counting, insist=insist)
    with serving(Call("test", allowed="write")), closing(client), pytest.raises(Unreachable) as raised:
        await client.request("POST", "/x")
    assert (raised.value.facts, counting.attempts) == ({"cause": cause}, attempts)


@pytest.mark.promise("certificates-are-checked")
async def test_an_unverified_server_is_not_talked_to(fake: Fake) -> None:
    with pytest.raises(Unreachable) as raised:
        await ask(fake.url.replace("http:", "https:"), "GET")
    assert raised.value.facts == {"cause": "tls"}
    assert fake.seen == []


async def test_a_netrc_does_not_replace_our_token(fake: Fake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    await ask(fake, "GET")
    assert fake.seen == [("GET", "/x", "token")]


@pytest.mark.promise("held-where-the-request-leaves")
async def test_outside_of_a_call_and_in_a_read_nothing_but_reads_are_sent(fake: Fake) -> None:
    client = Http("The fake", fake.url, {})
    with closing(client), serving(Call("looking", allowed="read")), pytest.raises(Refused):
        await client.request("POST", "/x")
    with closing(client), serving(Call("writing", allowed="write")), pytest.raises(Refused):
        await client.request("DELETE", "/x")
    assert fake.seen == []


@pytest.mark.promise("arguments-keep-the-host")
def test_a_path_keeps_each_argument_in_its_segment() -> None:
    assert path("zones", "a/../b?c#d", 7) == "/zones/a%2F..%2Fb%3Fc%23d/7"
    for hostile in ("", ".", ".."):
        with pytest.raises(InvalidInput):
            path("zones", hostile)
