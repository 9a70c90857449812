"""A server that is stopped lets its calls end, but not for ever, and says what it stopped."""

from pathlib import Path

import anyio
import httpx2
import pytest

from support.http_server import StartHttp, plain_client, request
from support.tools import is_running, wait_for

pytestmark = pytest.mark.anyio


@pytest.mark.promise("sigterm-lets-calls-end")
async def test_running_calls_end_and_nothing_new_begins(start_http: StartHttp, tmp_path: Path) -> None:
    pid, gate, answers = tmp_path / "pid", tmp_path / "gate", list[httpx2.Response]()
    call = request("run", {"script": f"echo $$ > {pid}; until [ -e {gate} ]; do sleep 0.05; done; echo done"})
    with start_http() as server:
        async with plain_client() as http:

            async def send() -> None:
                answers.append(await http.post(server.url, json=call))

            async with anyio.create_task_group() as group:
                group.start_soon(send)
                await anyio.to_thread.run_sync(wait_for, pid.exists, "the child runs")
                server.process.terminate()
                await anyio.to_thread.run_sync(wait_for, lambda: refuses(server.base), "no new connection is accepted")
                gate.touch()
        assert answers[0].json()["result"]["structuredContent"]["stdout"]["text"] == "done\n"
        assert await anyio.to_thread.run_sync(server.process.wait, 20) == 0


def refuses(base: str) -> bool:
    try:
        httpx2.get(f"{base}/health", trust_env=False)
    except httpx2.ConnectError:
        return True
    except httpx2.TransportError:
        return False
    return False


@pytest.mark.promise("sigterm-lets-calls-end", "a-second-sigterm-stops-at-once")
@pytest.mark.parametrize(("grace", "signals"), [("1", 1), ("600", 2)], ids=["after the grace", "at the second signal"])
async def test_a_call_that_does_not_end_is_stopped_with_its_children_and_told(
    start_http: StartHttp, tmp_path: Path, grace: str, signals: int
) -> None:
    pid, answers = tmp_path / "pid", list[httpx2.Response]()
    call = request("run", {"script": f"trap '' TERM; echo $$ > {pid}; sleep 600; sleep 600", "timeout": 600})
    with start_http(env={"INFRA_MCP_HTTP_GRACE": grace}) as server:
        async with plain_client() as http:

            async def send() -> None:
                answers.append(await http.post(server.url, json=call))

            async with anyio.create_task_group() as group:
                group.start_soon(send)
                await anyio.to_thread.run_sync(wait_for, lambda: pid.exists() and pid.read_text() != "", "it runs")
                for _ in range(signals):
                    server.process.terminate()
                    await anyio.to_thread.run_sync(wait_for, lambda: refuses(server.base), "it heard the signal")
        assert await anyio.to_thread.run_sync(server.process.wait, 20) == 0
    result = answers[0].json()["result"]
    assert result["isError"]
    assert "stopping" in result["content"][0]["text"]
    assert not is_running(int(pid.read_text()))
    assert "stopping 1 call" in server.stderr
