"""A change is done when its task ended well, and every other end is told as what it is."""

from functools import partial

import anyio
import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.client import StartServer
from support.proxmox_tour import finished_task, furnish, is_read, stops, take
from support.tools import wait_for

pytestmark = pytest.mark.anyio


async def test_a_task_that_fails_is_an_error_with_the_end_of_its_log(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    log = [f"line {number}" for number in range(40)]
    pve.tasks.plan("qmstart", outcome="start failed: QEMU exited with code 1", log=log)
    result = await server.call("start_vm", vm=100)
    facts = error(result)
    assert (facts["kind"], facts["exit_status"]) == ("failed", "start failed: QEMU exited with code 1")
    assert "line 39" in str(result.content)
    assert "line 10" not in str(result.content)
    assert not pve.cluster.guests[100].running


async def test_a_task_with_warnings_is_done_and_shows_them(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.tasks.plan("qmstart", outcome="WARNINGS: 1", log=["starting", "WARN: no MAC filter"])
    done = data(await server.call("start_vm", vm=100))
    assert (done["done"], done["exit_status"]) == (True, "WARNINGS: 1")
    assert "WARN: no MAC filter" in done["warnings"]


@pytest.mark.parametrize(
    "ending", ["", "ok", "OK (3)", "WARNINGS", "WARNING: 1", "unexpected status", "interrupted by signal", "job errors"]
)
async def test_nothing_but_ok_and_warnings_is_success(pve: FakeProxmox, server: RunningServer, ending: str) -> None:
    pve.add_guest(100)
    pve.tasks.plan("qmstart", outcome=ending)
    assert error(await server.call("start_vm", vm=100))["exit_status"] == ending


async def test_the_status_of_a_task_that_is_just_being_written_is_asked_for_once_more(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100)
    pve.tasks.plan("qmstart", outcome="unexpected status")

    def write_it() -> None:
        for task in pve.tasks.all.values():
            task.exitstatus = "OK"

    pve.after("GET .*/tasks/.*/status", write_it)
    assert data(await server.call("start_vm", vm=100))["done"]


# What these change has no task: a configuration is written at once, a command is waited for by itself.
TASKLESS = {"update_guest_config", "exec_container", "exec_vm"}


async def test_every_change_is_done_when_its_task_has_ended_and_fails_as_that_fails(start: StartServer) -> None:
    changed = set()
    with FakeProxmox(task_seconds=0.001) as pve:
        furnish(pve)
        async with start("proxmox-mcp", env=pve.environment()) as server:
            # A console is a task of its own, which no command waits for.
            for stop in (stop for stop in stops(finished_task(pve)) if stop.tool != "exec_container"):
                known = len(pve.tasks.all)
                pve.tasks.outcome = "it broke"
                failed = await take(server, pve, stop)
                pve.tasks.outcome = "OK"
                if len(pve.tasks.all) > known:
                    changed.add(stop.tool)
                    assert error(failed)["exit_status"] == "it broke", stop.tool
                    result = await take(server, pve, stop)
                    assert not result.is_error, (stop.tool, result.content)
                # Nobody but who waits for a task has it settled.
                assert not [task.upid for task in pve.tasks.all.values() if task.end is None], stop.tool
            listed = (await server.client.list_tools()).tools
    assert changed == {tool.name for tool in listed if not is_read(tool)} - TASKLESS


async def test_a_task_that_never_ends_gives_its_upid_to_go_on_with(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.tasks.plan_endless("qmstart")
    begun = data(await server.call("start_vm", vm=100, timeout=0.3))
    assert begun["done"] is False
    assert "exit_status" not in begun
    task = pve.tasks.find(begun["upid"])
    task.plan.seconds = 0
    assert data(await server.call("wait_task", upid=begun["upid"]))["done"]
    assert pve.cluster.guests[100].running


async def test_an_order_to_the_ha_manager_is_not_called_done(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, ha=True)
    ordered = data(await server.call("start_vm", vm=100))
    assert (ordered["done"], ordered["exit_status"]) == (False, "OK")
    assert "HA" in ordered["next_step"]


async def test_waiting_reports_progress(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.tasks.plan("qmstart", seconds=0.4)
    told: list[str | None] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    result = await server.client.call_tool("start_vm", {"vm": 100}, progress_callback=note)
    assert data(result)["done"]
    assert told
    assert all("qmstart on pve1" in str(message) for message in told)


async def test_a_node_that_goes_down_while_a_vm_starts_leaves_the_end_unknown(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100, node="pve2")
    pve.tasks.plan_endless("qmstart")
    pve.after("POST .*/status/start", lambda: pve.go_offline("pve2"))
    facts = error(await server.call("start_vm", vm=100))
    assert facts["kind"] == "node_down"
    assert facts["upid"] in pve.tasks.all


async def test_a_silence_of_the_node_that_passes_is_waited_out(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, node="pve2")
    pve.after("POST .*/status/start", lambda: pve.go_offline("pve2"))

    def return_to_work() -> None:
        pve.cluster.nodes["pve2"].online = True

    pve.after("GET .*/tasks/.*/status", return_to_work)
    assert data(await server.call("start_vm", vm=100))["done"]


async def test_a_cancelled_wait_leaves_the_task_alone(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.tasks.plan_endless("qmstart")
    async with anyio.create_task_group() as group:
        group.start_soon(partial(server.call, "start_vm", vm=100))
        asked = partial(pve.recorder.matching, "GET .*/tasks/.*/status")
        await anyio.to_thread.run_sync(wait_for, asked, "the task is waited for", 30)
        group.cancel_scope.cancel()
    (task,) = pve.tasks.all.values()
    assert task.end is None
    assert not [request for request in pve.requests if request.method == "DELETE"]


@pytest.mark.parametrize(
    "upid", ["UPID:pve1", "UPID:pve1:1:2:3:x:y:z", "", "UPID:../..:00000FA0:00006D60:6B01238E:x:1:u:"]
)
async def test_what_is_no_upid_is_refused_before_anything_is_asked(
    pve: FakeProxmox, server: RunningServer, upid: str
) -> None:
    assert error(await server.call("wait_task", upid=upid))["kind"] == "invalid_input"
    assert not pve.requests


async def test_failed_tasks_are_listed_apart(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.tasks.plan("qmstart", outcome="broken")
    await server.call("start_vm", vm=100)
    await server.call("start_vm", vm=100)
    listed = data(await server.call("list_tasks", guest=100, failed=True))
    assert [(task["exit_status"], task["ok"]) for task in listed["tasks"]] == [("broken", False)]
