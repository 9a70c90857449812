"""Two servers behind a load balancer are as good as one, but for what lives on one machine."""

import socket
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx2
import pytest

from sandbox.client import console_script
from support.answers import data, error, text
from support.http_server import StartHttp, plain_client, request
from support.nginx import nginx
from support.sshd import free_port
from support.terraform import Project
from support.tools import wait_for

pytestmark = pytest.mark.anyio


@pytest.mark.promise("any-replica-answers")
async def test_what_one_replica_previews_another_carries_out(start_http: StartHttp, tmp_path: Path) -> None:
    doomed = tmp_path / "doomed"
    doomed.touch()
    with start_http() as one, start_http() as other:
        async with plain_client() as http:
            asked = await http.post(one.url, json=request("destroy", {"path": str(doomed)}))
            preview = asked.json()["result"]["structuredContent"]
            assert (preview["confirmed"], doomed.exists()) == (False, True)
            confirmed = {"path": str(doomed), **preview["confirm_with"]}
            await http.post(other.url, json=request("destroy", confirmed))
    assert not doomed.exists()


@pytest.mark.promise("ids-name-their-machine")
async def test_an_output_that_is_kept_elsewhere_names_its_machine(start_http: StartHttp) -> None:
    async def result(tool: str, **arguments: Any) -> dict[str, Any]:
        answer = (await http.post(server.url, json=request(tool, arguments))).json()["result"]
        assert isinstance(answer, dict)
        return answer

    with start_http() as server:
        async with plain_client() as http:
            long = await result("run", script="seq 100000")
            kept = long["structuredContent"]["stdout"]["output_id"]
            assert (await result("read_output", output_id=kept))["structuredContent"]["text"].startswith("1\n2\n")
            elsewhere = await result("read_output", output_id=f"{kept.partition('@')[0]}@elsewhere")
    assert elsewhere["_meta"]["infra-mcp/error"] == {"kind": "not_found", "machine": "elsewhere"}


@pytest.mark.parametrize(
    ("server", "tool", "arguments"),
    [
        ("terraform", "show_plan", {"directory": ".", "plan_id": "0123456789abcdef@elsewhere"}),
        ("ansible", "get_run", {"run_id": "20260101T000000-01234567@elsewhere"}),
    ],
)
@pytest.mark.promise("ids-name-their-machine")
async def test_plans_and_runs_that_are_kept_elsewhere_name_their_machine(
    start_http: StartHttp, home: Path, server: str, tool: str, arguments: dict[str, str]
) -> None:
    command = (str(console_script(f"{server}-mcp")),)
    with start_http(command=command, env={"TERRAFORM_MCP_ROOTS": str(home)}) as running:
        async with running.client() as client:
            assert error(await client.call_tool(tool, arguments)) == {"kind": "not_found", "machine": "elsewhere"}


@pytest.mark.promise("http-refuses-local-paths")
async def test_the_clients_own_folders_are_refused_and_the_machine_named(start_http: StartHttp, home: Path) -> None:
    project = {"CLAUDE_PROJECT_DIR": str(home)}
    with start_http(command=(str(console_script("terraform-mcp")),), env=project) as running:
        async with running.client() as client:
            refused = await client.call_tool("validate", {"directory": str(home)})
    assert error(refused)["kind"] == "refused"
    assert socket.gethostname() in text(refused)


async def test_a_plan_that_another_client_was_shown_is_not_applied_by_a_call_that_names_none(
    start_http: StartHttp, project: Project
) -> None:
    project.write('resource "terraform_data" "lamp" {}')
    here = {"directory": str(project.folder)}
    terraform = (str(console_script("terraform-mcp")),)
    with start_http(command=terraform, env={"TERRAFORM_MCP_ROOTS": str(project.folder)}) as running:
        async with running.client() as one, running.client() as other:
            await one.call_tool("init", here)
            shown = data(await one.call_tool("plan", here))
            preview = data(await other.call_tool("apply", {**here, "confirmed": True}))
            assert (preview["confirmed"], project.applied) == (False, set())
            assert data(await one.call_tool("apply", {**here, "confirmed": True, "plan_id": shown["plan_id"]}))
    assert project.applied == {"terraform_data.lamp"}


@pytest.mark.promise("any-replica-answers")
async def test_a_rolling_restart_behind_nginx_loses_no_call(start_http: StartHttp, tmp_path: Path) -> None:
    answers, ports = list[httpx2.Response](), [free_port(), free_port()]

    async def call_on_and_on(url: str) -> None:
        async with plain_client() as http:
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
