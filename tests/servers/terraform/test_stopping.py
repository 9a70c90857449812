"""However a run is stopped: the state is saved, the lock is free, no process is left, and what was done is told."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from mcp.shared.exceptions import MCPError

from sandbox.client import RunningServer
from support.answers import data, error
from support.terraform import Backend, Project, StartTerraform, StartTerraformProcess, Watched, processes_in
from support.tools import is_running, wait_for

pytestmark = pytest.mark.anyio


def slow(command: str = "exec sleep 60") -> str:
    """One resource that is quick, then one that writes its process id and takes long."""
    return f"""
resource "terraform_data" "quick" {{}}
resource "terraform_data" "slow" {{
  depends_on = [terraform_data.quick]
  provisioner "local-exec" {{
    command = "echo $$ > pid; {command}"
  }}
}}
"""


def under_way(project: Project) -> int:
    """Wait until the slow resource is being made; its process id."""
    pid = project.folder / "pid"
    wait_for(lambda: pid.exists() and pid.read_text().strip() != "", "the slow resource begins")
    return int(pid.read_text())


async def until(condition: Callable[[], bool], what: str) -> None:
    await anyio.to_thread.run_sync(wait_for, condition, what)


async def apply(server: RunningServer) -> None:
    with suppress(MCPError):
        await server.call("apply", directory="lab", confirmed=True)


def assert_at_rest(project: Project) -> None:
    wait_for(lambda: not processes_in(project.folder), "no process is left")
    assert not project.is_locked()
    assert "terraform_data.quick" in project.applied


async def test_a_cancelled_apply_is_told_by_the_next_plan(terraform: StartTerraform, project: Project) -> None:
    project.write(slow())
    async with terraform() as server:
        await server.call("plan", directory="lab")
        async with anyio.create_task_group() as group:
            group.start_soon(apply, server)
            await anyio.to_thread.run_sync(under_way, project)
            group.cancel_scope.cancel()
        await until(lambda: not processes_in(project.folder), "terraform ends")
        assert_at_rest(project)
        plan = data(await server.call("plan", directory="lab"))
        later = data(await server.call("plan", directory="lab"))
    assert plan["interrupted"]["applied"] == ["terraform_data.quick"]
    assert plan["interrupted"]["tool"] == "apply"
    assert plan["counts"] == {"replace": 1}
    assert "interrupted" not in later


async def test_a_timeout_says_what_was_applied_before_it(terraform: StartTerraform, project: Project) -> None:
    project.write(slow())
    async with terraform() as server:
        await server.call("plan", directory="lab")
        result = await server.call("apply", directory="lab", confirmed=True, timeout=2)
    stopped = data(result)
    assert result.is_error
    assert (stopped["status"], stopped["applied"]) == ("stopped", ["terraform_data.quick"])
    assert stopped["state"] == "saved"
    assert_at_rest(project)


@pytest.mark.promise("terraform-saves-its-state")
async def test_terraform_is_given_the_time_it_needs_to_save_the_state_after_a_timeout(
    terraform: StartTerraform, project: Project, backend: Backend
) -> None:
    project.write(backend.configuration + slow())
    answers: list[dict[str, Any]] = []
    async with terraform() as server:
        data(await server.call("init", directory="lab"))
        data(await server.call("plan", directory="lab"))
        backend.hold()

        async def apply_for_a_second() -> None:
            answers.append(data(await server.call("apply", directory="lab", confirmed=True, timeout=1)))

        async with anyio.create_task_group() as group:
            group.start_soon(apply_for_a_second)
            slow_resource = await anyio.to_thread.run_sync(under_way, project)
            await until(lambda: not is_running(slow_resource), "terraform is interrupted")
            running = [psutil.Process(pid) for pid in processes_in(project.folder)]
            # Longer than any other program is given.
            gone, _ = await anyio.to_thread.run_sync(partial(psutil.wait_procs, running, timeout=3))
            backend.release()
    assert (len(running), gone) == (1, [])
    assert (answers[0]["status"], answers[0]["state"]) == ("stopped", "saved")
    assert "quick" in backend.applied
    assert not backend.locked


async def test_a_client_that_exits_leaves_no_run_behind(
    terraform_process: StartTerraformProcess, project: Project
) -> None:
    project.write(slow())
    async with terraform_process() as server, anyio.create_task_group() as group:
        await server.call("plan", directory="lab")
        group.start_soon(apply, server)
        await anyio.to_thread.run_sync(under_way, project)
        os.kill(server.pid, signal.SIGINT)
        await anyio.sleep(0.1)  # the rhythm of a real client
        with suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGTERM)
        await until(lambda: not is_running(server.pid), "the server ends")
        group.cancel_scope.cancel()
    assert_at_rest(project)


@pytest.mark.promise("terraform-saves-its-state")
async def test_a_run_that_needs_time_to_save_the_state_outlives_its_server_and_is_found_again(
    terraform: StartTerraform, terraform_process: StartTerraformProcess, project: Project, backend: Backend
) -> None:
    project.write(backend.configuration + slow())
    async with terraform_process() as server, anyio.create_task_group() as group:
        data(await server.call("init", directory="lab"))
        data(await server.call("plan", directory="lab"))
        backend.hold()
        group.start_soon(apply, server)
        await anyio.to_thread.run_sync(under_way, project)
        os.kill(server.pid, signal.SIGINT)
        await until(lambda: not is_running(server.pid), "the server ends")
        group.cancel_scope.cancel()
    async with terraform() as server:
        busy = error(await server.call("plan", directory="lab"))
        assert is_running(busy["pid"])
        assert backend.locked
        backend.release()
        await until(lambda: not is_running(busy["pid"]), "terraform ends")
        plan = data(await server.call("plan", directory="lab"))
    assert (busy["kind"], busy["tool"]) == ("directory_busy", "apply")
    assert plan["interrupted"]["applied"] == ["terraform_data.quick"]
    assert "quick" in backend.applied
    assert not backend.locked
    assert processes_in(project.folder) == []


async def test_a_killed_server_does_not_take_the_run_with_it(
    terraform: StartTerraform, terraform_process: StartTerraformProcess, project: Project
) -> None:
    project.write(slow("while [ ! -e go ]; do sleep 0.1; done"))
    async with terraform_process() as server, anyio.create_task_group() as group:
        await server.call("plan", directory="lab")
        group.start_soon(apply, server)
        await anyio.to_thread.run_sync(under_way, project)
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: not is_running(server.pid), "the server ends")
        group.cancel_scope.cancel()
    async with terraform() as server:
        busy = error(await server.call("plan", directory="lab"))
        (project.folder / "go").touch()
        await until(lambda: not processes_in(project.folder), "terraform ends")
        plan = data(await server.call("plan", directory="lab"))
    assert busy["kind"] == "directory_busy"
    assert plan["interrupted"]["applied"] == ["terraform_data.quick", "terraform_data.slow"]
    assert plan["counts"] == {}


async def test_of_two_applies_at_once_one_is_told_who_is_at_work(
    terraform: StartTerraform, terraform_process: StartTerraformProcess, project: Project
) -> None:
    project.write(slow("while [ ! -e go ]; do sleep 0.1; done"))
    answers: list[dict[str, Any]] = []
    async with terraform_process() as one, terraform() as other:
        plan = data(await one.call("plan", directory="lab"))["plan_id"]

        async def first() -> None:
            answers.append(data(await one.call("apply", directory="lab", confirmed=True)))

        async with anyio.create_task_group() as group:
            group.start_soon(first)
            await anyio.to_thread.run_sync(under_way, project)
            same_server = error(await one.call("apply", directory="lab", plan_id=plan, confirmed=True))
            other_server = error(await other.call("apply", directory="lab", plan_id=plan, confirmed=True))
            shown = data(await other.call("list_workspaces", directory="lab"))
            (project.folder / "go").touch()
    assert [busy["kind"] for busy in (same_server, other_server)] == ["directory_busy"] * 2
    assert same_server["tool"] == other_server["tool"] == "apply"
    assert shown["current"] == "default"
    assert answers[0]["status"] == "applied"


async def test_what_a_killed_server_leaves_is_cleared_away_by_the_next_one(
    terraform: StartTerraform,
    terraform_process: StartTerraformProcess,
    project: Project,
    make_project: Callable[[str], Project],
    home: Path,
    watched: Watched,
) -> None:
    project.write('variable "name" {}\nresource "terraform_data" "x" {\n  input = var.name\n}')
    make_project("other").write(slow())
    variables = {"name": "given"}
    watched.waiting_for(project.folder / "go")
    async with (
        terraform_process(env={"TERRAFORM_MCP_BIN": str(watched.path)}) as server,
        anyio.create_task_group() as group,
    ):
        group.start_soon(plan, server, variables)
        await until(lambda: any(left_in(home)), "terraform has its variables")
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: not is_running(server.pid), "the server ends")
        group.cancel_scope.cancel()
    (project.folder / "go").touch()
    await until(lambda: not processes_in(project.folder), "terraform ends")
    before = left_in(home)
    async with terraform() as server:
        data(await server.call("plan", directory="other"))
    assert "variables.tfvars.json" in before
    assert left_in(home) == set()


def left_in(home: Path) -> set[str]:
    """Files with secrets in the folders of runs."""
    found = {path.name for path in (home / ".local/state/infra-mcp/terraform/runs").glob("*/*")}
    return found & {"variables.tfvars.json", "plan"}


async def plan(server: RunningServer, variables: dict[str, Any]) -> None:
    with suppress(MCPError):
        await server.call("plan", directory="lab", variables=variables)
