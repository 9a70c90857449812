"""However a server or a call ends, no process of it stays behind."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import anyio
import pytest
from mcp.shared.exceptions import MCPError

from sandbox.client import RunningServer
from support.answers import data
from support.suite import StartProbe, StartProbeProcess
from support.tools import is_running, wait_for

pytestmark = pytest.mark.anyio

# A shell that only talks back when it is asked to go, and a grandchild that does not even do that.
STUBBORN = """
trap '' INT TERM; sleep 600 & trap 'echo no' INT TERM
echo $! > {pid}; echo started; until wait; do :; done"""


async def started(pid: Path) -> int:
    await anyio.to_thread.run_sync(wait_for, lambda: pid.exists() and pid.read_text().strip() != "", "the child runs")
    return int(pid.read_text())


async def gone(pid: int, what: str, seconds: float = 10) -> None:
    await anyio.to_thread.run_sync(wait_for, lambda: not is_running(pid), f"{what} is gone", seconds)


async def run_stubborn(server: RunningServer, pid: Path) -> None:
    with suppress(MCPError):
        await server.call("run", script=STUBBORN.format(pid=pid), timeout=600)


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_the_server_with_all_its_children_before_the_client_would_kill_it(
    start_probe_process: StartProbeProcess, tmp_path: Path, first: signal.Signals
) -> None:
    async with start_probe_process() as server, anyio.create_task_group() as group:
        group.start_soon(run_stubborn, server, tmp_path / "pid")
        child = await started(tmp_path / "pid")
        # Claude Code's own way to end a server: two signals, a tenth of a second apart, and then it kills.
        for number, patience in ((first, 0.1), (signal.SIGTERM, 0.4), (signal.SIGKILL, 0)):
            with suppress(ProcessLookupError):
                os.kill(server.pid, number)
            await anyio.sleep(patience)
        await gone(server.pid, "the server")
        await gone(child, "the grandchild")
        group.cancel_scope.cancel()


async def test_an_idle_server_ends_at_sigint(start_probe_process: StartProbeProcess) -> None:
    async with start_probe_process() as server:
        await server.client.list_tools()
        os.kill(server.pid, signal.SIGINT)
        await gone(server.pid, "the server")


async def test_a_client_that_goes_takes_server_and_children_with_it(
    start_probe_process: StartProbeProcess, tmp_path: Path
) -> None:
    async with start_probe_process() as server, anyio.create_task_group() as group:
        group.start_soon(run_stubborn, server, tmp_path / "pid")
        child = await started(tmp_path / "pid")
        group.cancel_scope.cancel()
    await gone(server.pid, "the server")
    await gone(child, "the grandchild")


@pytest.mark.promise("processes-end-with-the-call")
async def test_a_cancelled_call_ends_its_children_and_the_server_goes_on(
    start_probe: StartProbe, tmp_path: Path
) -> None:
    async with start_probe() as server:
        async with anyio.create_task_group() as group:
            group.start_soon(run_stubborn, server, tmp_path / "pid")
            child = await started(tmp_path / "pid")
            group.cancel_scope.cancel()
        await gone(child, "the grandchild")
        assert data(await server.call("say", text="on"))["text"] == "on"


@pytest.mark.promise("processes-end-with-the-call")
async def test_a_child_past_its_deadline_is_ended_and_its_output_kept(start_probe: StartProbe, tmp_path: Path) -> None:
    async with start_probe() as server:
        ran = data(await server.call("run", script=STUBBORN.format(pid=tmp_path / "pid"), timeout=0.5))
    assert (ran["exit_status"], ran["stdout"]["text"]) == (None, "started\nno\n")
    assert not is_running(int((tmp_path / "pid").read_text()))


async def test_a_child_cannot_read_the_clients_messages(start_probe: StartProbe) -> None:
    async with start_probe() as server:
        ran = data(await server.call("run", script="cat; echo end"))
    assert ran["stdout"]["text"] == "end\n"


async def test_progress_of_the_work_reaches_the_client(start_probe: StartProbe) -> None:
    told: list[tuple[float, str | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, message))

    async with start_probe() as server:
        await server.client.call_tool("run", {"script": "echo one; echo two"}, progress_callback=note)
    assert told == [(1, "one"), (2, "two")]


async def test_the_last_words_of_a_child_that_is_ended_are_told_line_by_line(start_probe: StartProbe) -> None:
    told: list[str | None] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(message)

    script = "trap 'echo er; echo last; exit' TERM; echo first; printf ev; while :; do sleep 0.05; done"
    async with start_probe() as server:
        await server.client.call_tool("run", {"script": script, "timeout": 0.5}, progress_callback=note)
    assert told == ["first", "ever", "last"]


async def test_the_last_words_of_a_child_that_is_ended_are_kept(start_probe: StartProbe) -> None:
    script = "trap 'seq 100000; echo last; exit' TERM; echo first; while :; do sleep 0.05; done"
    async with start_probe() as server:
        out = data(await server.call("run", script=script, timeout=0.5))["stdout"]
    assert out["text"].startswith("first\n1\n2\n")
    assert out["text"].endswith("\n100000\nlast\n")
