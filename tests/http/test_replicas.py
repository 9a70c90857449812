"""Two servers behind a load balancer are as good as one, but for what lives on one machine."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx2
import pytest

from support.http_server import HEADERS, StartHttp, request
from support.nginx import free_port, nginx
from support.tools import wait_for

pytestmark = pytest.mark.anyio


async def test_what_one_replica_previews_another_carries_out(start_http: StartHttp, tmp_path: Path) -> None:
    doomed = tmp_path / "doomed"
    doomed.touch()
    with start_http() as one, start_http() as other:
        async with httpx2.AsyncClient(headers=HEADERS, trust_env=False) as http:
            asked = await http.post(one.url, json=request("destroy", {"path": str(doomed)}))
            preview = asked.json()["result"]["structuredContent"]
            assert (preview["confirmed"], doomed.exists()) == (False, True)
            confirmed = {"path": str(doomed), **preview["confirm_with"]}
            await http.post(other.url, json=request("destroy", confirmed))
    assert not doomed.exists()


async def test_an_output_that_is_kept_elsewhere_names_its_machine(start_http: StartHttp) -> None:
    async def result(tool: str, **arguments: Any) -> dict[str, Any]:
        answer = (await http.post(server.url, json=request(tool, arguments))).json()["result"]
        assert isinstance(answer, dict)
        return answer

    with start_http() as server:
        async with httpx2.AsyncClient(headers=HEADERS, trust_env=False) as http:
            long = await result("run", script="seq 100000")
            kept = long["structuredContent"]["stdout"]["output_id"]
            assert (await result("read_output", output_id=kept))["structuredContent"]["text"].startswith("1\n2\n")
            elsewhere = await result("read_output", output_id=f"{kept.partition('@')[0]}@elsewhere")
    assert elsewhere["_meta"]["infra-mcp/error"] == {"kind": "not_found", "machine": "elsewhere"}


async def test_a_rolling_restart_behind_nginx_loses_no_call(start_http: StartHttp, tmp_path: Path) -> None:
    answers, ports = list[httpx2.Response](), [free_port(), free_port()]

    async def call_on_and_on(url: str) -> None:
        async with httpx2.AsyncClient(headers=HEADERS, timeout=60, trust_env=False) as http:
            while True:
                answers.append(await http.post(url, json=request("run", {"script": "sleep 0.05; echo done"})))

    async def more_answers() -> None:
        enough = len(answers) + 20
        await anyio.to_thread.run_sync(wait_for, lambda: len(answers) >= enough, "calls are answered", 60)

    with ExitStack() as stack:
        running = [stack.enter_context(start_http("--http", f"127.0.0.1:{port}")) for port in ports]
        balancer = stack.enter_context(nginx(tmp_path, ports))
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(call_on_and_on, f"{balancer}/mcp")
            for replica, port in zip(running, ports, strict=True):
                await more_answers()
                replica.process.terminate()
                assert await anyio.to_thread.run_sync(replica.process.wait, 30) == 0
                await more_answers()
                start = partial(stack.enter_context, start_http("--http", f"127.0.0.1:{port}"))
                await anyio.to_thread.run_sync(start)
            await more_answers()
            group.cancel_scope.cancel()
    lost = [answer.text for answer in answers if answer.status_code != 200 or "done" not in answer.text]
    assert lost == []
