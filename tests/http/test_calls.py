"""A client on another machine has the same tools, in both eras of the protocol."""

import json
import os
from pathlib import Path
from typing import Any

import anyio
import pytest

from infra_mcp_common.runtime import CALLS_AT_ONCE
from sandbox.client import Mode
from support.answers import data, error
from support.http_server import HEADERS, HttpServer, StartHttp, plain_client, request
from support.tools import is_running, wait_for

pytestmark = pytest.mark.anyio
MODES = ("auto", "legacy")


@pytest.mark.parametrize("mode", MODES)
async def test_tools_answer_and_tell_progress(start_http: StartHttp, mode: Mode) -> None:
    told: list[str | None] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    with start_http() as server:
        async with server.client(mode=mode) as client:
            assert "run" in {tool.name for tool in (await client.list_tools()).tools}
            ran = data(await client.call_tool("run", {"script": "echo one; echo two"}, progress_callback=note))
            assert error(await client.call_tool("fail", {"said": "no"}))["kind"] == "failed"
    assert (ran["exit_status"], ran["stdout"]["text"], told) == (0, "one\ntwo\n", ["one", "two"])


async def test_an_answer_is_json_and_a_stream_only_where_progress_is_asked_for(http_server: HttpServer) -> None:
    async with plain_client() as http:
        plain = await http.post(http_server.url, json=request("say", {"text": "hello"}))
        streamed = await http.post(http_server.url, json=request("say", {"text": "hello"}, token=True))
    assert plain.headers["content-type"] == "application/json"
    assert plain.json()["result"]["structuredContent"] == {"text": "hello"}
    assert streamed.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("token", [False, True], ids=["json", "stream"])
@pytest.mark.promise("hanging-up-ends-a-call")
async def test_a_client_that_hangs_up_ends_its_call(start_http: StartHttp, tmp_path: Path, *, token: bool) -> None:
    pid = tmp_path / "pid"
    call = request("run", {"script": f"echo $$ > {pid}; exec sleep 600", "timeout": 600}, token=token)
    with start_http() as server:
        async with plain_client() as http, anyio.create_task_group() as group:
            group.start_soon(lambda: http.post(server.url, json=call))
            await anyio.to_thread.run_sync(wait_for, lambda: pid.exists() and pid.read_text() != "", "the child runs")
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(wait_for, lambda: not is_running(int(pid.read_text())), "the child is gone")


@pytest.mark.promise("health")
async def test_health_needs_no_key_and_tells_no_secret(http_server: HttpServer) -> None:
    async with plain_client({}) as http:
        for path in ("/health", "/api/v1/health"):
            answer = await http.get(http_server.base + path)
            assert answer.json() == {"status": "ok", "server": "probe-mcp", "version": "1.2.3"}


@pytest.mark.promise("metrics")
async def test_metrics_count_calls_by_tool_and_outcome(start_http: StartHttp) -> None:
    with start_http() as server:
        async with plain_client() as http:
            for call in (request("say", {"text": "x"}), request("fail", {"said": "x"}), request("fail", {"said": "y"})):
                await http.post(server.url, json=call)
            text = (await http.get(f"{server.base}/metrics")).text
    assert 'infra_mcp_calls_total{outcome="ok",tool="say"} 1.0' in text
    assert 'infra_mcp_calls_total{outcome="error:failed",tool="fail"} 2.0' in text
    assert 'infra_mcp_call_seconds_count{tool="fail"} 2.0' in text
    assert "infra_mcp_calls_in_flight 0.0" in text


@pytest.mark.promise("thirty-two-calls-at-once")
async def test_a_thousand_calls_in_flight_are_all_answered(start_http: StartHttp, tmp_path: Path) -> None:
    gate, answers = tmp_path / "gate", list[str]()
    os.mkfifo(gate)
    # As many as run at once wait for the gate, so that all others wait for their turn behind them.
    calls = [request("run", {"script": f"read line < {gate}; echo {number}"}) for number in range(CALLS_AT_ONCE)]
    others = [request("say", {"text": f"{number}\n"}) for number in range(CALLS_AT_ONCE, 1000)]

    async def call(body: dict[str, Any]) -> None:
        answer = (await posted(server, body))["result"]["structuredContent"]
        answers.append(answer["text"] if "text" in answer else answer["stdout"]["text"])

    async def until_in_flight(number: int) -> None:
        async with plain_client() as http:
            seen = ""
            while f"infra_mcp_calls_in_flight {number}.0" not in seen:
                seen = (await http.get(f"{server.base}/metrics")).text

    with start_http() as server:
        async with anyio.create_task_group() as group:
            for bodies, total in ((calls, CALLS_AT_ONCE), (others, 1000)):
                for body in bodies:
                    group.start_soon(call, body)
                await until_in_flight(total)
            assert answers == []
            gate.write_text("open\n" * CALLS_AT_ONCE)
    assert sorted(map(int, answers)) == list(range(1000))


async def posted(server: HttpServer, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request on a connection of its own; an HTTP client's pool is too slow for a thousand."""
    content = json.dumps(body).encode()
    headers = HEADERS | {"Host": "localhost", "Connection": "close", "Content-Length": str(len(content))}
    head = "POST /mcp HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    async with await anyio.connect_tcp("127.0.0.1", server.port) as stream:
        await stream.send(head.encode() + b"\r\n" + content)
        received = b"".join([part async for part in stream])
    answer: dict[str, Any] = json.loads(received.partition(b"\r\n\r\n")[2])
    return answer
