"""Timeout, cancellation and the client's exit stop Ansible and its workers, and the log says what was interrupted."""

import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from mcp.shared.exceptions import MCPError

from support.answers import data
from support.tools import wait_for

pytestmark = pytest.mark.anyio

TASKS = {
    "task": "- shell: echo $$ > {{ playbook_dir }}/pid; exec sleep 61",
    "loop": "- shell: echo $$ > {{ playbook_dir }}/pid; exec sleep 6{{ item }}\n      loop: [1, 2, 3]",
}


def book(project: Any, kind: str = "task") -> str:
    play = f"- hosts: db\n  gather_facts: false\n  tasks:\n    {TASKS[kind]}\n"
    name: str = project.write("play.yml", play)
    return name


def left_over(project: Any) -> list[str]:
    """Command lines of processes that have to do with the project."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = process.cmdline()
            working = process.status() != psutil.STATUS_ZOMBIE
            if working and (any(str(project.folder) in word for word in words) or words[:1] == ["sleep"]):
                environment = process.environ()
                if str(project.folder) in environment.get("ANSIBLE_MCP_ROOTS", "") and "ansible-mcp" not in str(words):
                    found.append(" ".join(words))
    return found


def running(project: Any) -> bool:
    pid: Path = project.folder / "pid"
    return pid.exists() and pid.read_text().strip() != ""


async def test_at_the_timeout_nothing_is_left_and_the_task_is_named(ansible: Any, project: Any) -> None:
    async with ansible() as server:
        result = await server.call("run_playbook", playbook=book(project), inventory="hosts", timeout=20)
        assert left_over(project) == []
    ran = data(result)
    assert (ran["status"], ran["exit_status"] == 0) == ("timeout", False)
    assert [(task["host"], task["task"]) for task in ran["interrupted"]] == [("db1", "shell")]


@pytest.mark.parametrize("kind", ["task", "loop"])
async def test_cancelling_leaves_no_process_and_no_file(ansible: Any, project: Any, home: Path, kind: str) -> None:
    name = book(project, kind)
    async with ansible() as server:
        async with anyio.create_task_group() as group:
            group.start_soon(server.client.call_tool, "run_playbook", {"playbook": name, "inventory": "hosts"})
            await anyio.to_thread.run_sync(wait_for, lambda: running(project), "the task runs", 50)
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(wait_for, lambda: not left_over(project), "all processes end", 10)
        await anyio.to_thread.run_sync(wait_for, lambda: not work(home), "the files go")
        [run] = data(await server.call("list_runs"))["runs"]
    assert (run["status"], run["interrupted"][0]["host"]) == ("canceled", "db1")


async def test_cancelling_before_the_first_event_leaves_nothing(ansible: Any, project: Any, home: Path) -> None:
    name = book(project)
    given = {"playbook": name, "inventory": "hosts", "extra_vars": {"a": "b"}}
    async with ansible() as server:
        async with anyio.create_task_group() as group:
            group.start_soon(server.client.call_tool, "run_playbook", given)
            await anyio.to_thread.run_sync(wait_for, lambda: bool(left_over(project)), "Ansible starts", 30)
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(wait_for, lambda: not left_over(project) and not work(home), "all ends", 10)
    assert not running(project)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_to_the_server_ends_all(ansible: Any, project: Any, home: Path, number: signal.Signals) -> None:
    name = book(project)

    async def call(server: Any) -> None:
        with suppress(MCPError):
            await server.call("run_playbook", playbook=name, inventory="hosts")

    async with ansible() as server, anyio.create_task_group() as group:
        group.start_soon(call, server)
        await anyio.to_thread.run_sync(wait_for, lambda: running(project), "the task runs", 50)
        psutil.Process(server.pid).send_signal(number)
        await anyio.to_thread.run_sync(wait_for, lambda: not left_over(project), "all processes end", 10)
        group.cancel_scope.cancel()
    assert work(home) == []


def work(home: Path) -> list[Path]:
    return list((home / ".local/state/infra-mcp/ansible/work").glob("*"))
