"""Timeout, cancellation and the client's exit stop Ansible and its workers, and the log says what was interrupted."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import anyio
import pytest
from mcp.shared.exceptions import MCPError

from support.ansible import Ansible, AnsibleProcess, Project, StartAnsibleProcess, until
from support.answers import data, error
from support.tools import is_running

pytestmark = pytest.mark.anyio

# The task notes the file of the module that runs it, and then its own process id.
NOTE = (
    r"tr '\0' '\n' < /proc/$PPID/cmdline | grep Ansiball > {{ playbook_dir }}/module; echo $$ > {{ playbook_dir }}/pid"
)
TASKS = {
    "task": f"shell: {NOTE}; exec sleep 600",
    "loop": f"shell: {NOTE}; exec sleep 60{{{{ item }}}}\n      loop: [1, 2, 3]",
    "deaf": f"shell: trap '' TERM; {NOTE}; sleep 600; true",
}


def begun(project: Project) -> bool:
    pid = project.folder / "pid"
    return pid.exists() and pid.read_text().strip() != ""


async def nothing_stays(ansible: Ansible) -> None:
    await until(lambda: ansible.processes() == [], "all processes end")
    await until(lambda: ansible.files() == [], "all files go")


async def test_at_the_timeout_nothing_is_left_and_the_task_is_named(ansible: Ansible, project: Project) -> None:
    given = {"playbook": project.play(TASKS["deaf"]), "inventory": project.hosts}
    for seconds in (4, 12, 50):
        result = await ansible.server.call("run_playbook", **given, timeout=seconds)
        assert (ansible.processes(), ansible.files()) == ([], [])
        if begun(project):  # a busy machine may need longer to get there
            break
        assert result.structured_content or error(result)["kind"] == "timed_out"
    ran = data(result)
    assert (ran["status"], ran["exit_status"]) == ("timeout", None)
    assert [(task["host"], task["task"]) for task in ran["interrupted"]] == [("db1", "shell")]


@pytest.mark.parametrize("kind", ["task", "loop", "deaf"])
async def test_a_run_cancelled_in_its_task_leaves_nothing(ansible: Ansible, project: Project, kind: str) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(ansible.play, project, TASKS[kind])
        await until(lambda: begun(project), "the task runs")
        assert any(list(folder.glob("tmp/ansible_*_payload_*")) for folder in ansible.private_folders())
        group.cancel_scope.cancel()
    module = Path((project.folder / "module").read_text().strip()).parent
    assert module.name.startswith("ansible-tmp-")
    await nothing_stays(ansible)
    await until(lambda: not module.exists(), "the module goes")
    assert not is_running(int((project.folder / "pid").read_text()))
    run = (await ansible.call("list_runs"))["runs"][0]
    assert (run["status"], run["interrupted"][0]["host"]) == ("canceled", "db1")


@pytest.mark.parametrize("program", ["inspector", "playbook_process"])
async def test_a_run_cancelled_before_its_first_event_leaves_nothing(
    ansible: Ansible, project: Project, program: str
) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(ansible.play, project, TASKS["task"])
        await until(lambda: any(program in words for words in ansible.processes()), f"the {program} starts")
        group.cancel_scope.cancel()
    await nothing_stays(ansible)
    assert not begun(project)


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGKILL])
async def test_no_run_outlives_the_server(
    start_ansible_process: StartAnsibleProcess, project: Project, number: signal.Signals | None
) -> None:
    async def play(ansible: AnsibleProcess) -> None:
        with suppress(MCPError):
            await ansible.play(project, TASKS["deaf"])

    async with start_ansible_process() as ansible, anyio.create_task_group() as group:
        group.start_soon(play, ansible)
        await until(lambda: begun(project), "the task runs")
        if number is not None:
            os.kill(ansible.server.pid, number)
            await until(lambda: not is_running(ansible.server.pid), "the server ends")
            await until(lambda: ansible.processes() == [], "all processes end")
        group.cancel_scope.cancel()
    await until(lambda: ansible.processes() == [], "all processes end")
    if number is None:
        assert ansible.files() == []
    elif number is signal.SIGKILL:  # nobody was left to clear away; the next run does
        assert ansible.private_folders() != []
        async with start_ansible_process() as other:
            await other.call("check_playbook", playbook=project.play(), inventory=project.hosts)
        assert ansible.private_folders() == []
