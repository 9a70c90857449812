"""Timeout, cancellation and the client's exit end the remote command, and the answer says what is known of it."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import anyio
import psutil
import pytest
from mcp.shared.exceptions import MCPError

from sandbox.client import RunningServer
from support.answers import data
from support.client import StartProcess, StartServer
from support.sshd import Sshd
from support.tools import is_running, wait_for

pytestmark = pytest.mark.anyio


def started(pid: Path) -> int:
    wait_for(lambda: pid.exists() and pid.read_text().strip() != "", "the remote command starts")
    return int(pid.read_text())


@pytest.mark.promise("timeout-tells-what-may-run-on")
async def test_at_the_timeout_the_group_is_ended_and_its_output_kept(mcp: RunningServer, target: Sshd) -> None:
    command = "echo before; sleep 60 & echo $! > ~/pid; wait"
    result = await mcp.call("run_command", host="target", command=command, timeout=1)
    ran = data(result)
    assert result.is_error
    assert (ran["timed_out"], ran["exit_status"], ran["remote_process"]) == (True, None, "killed")
    assert ran["stdout"]["text"] == "before\n"
    assert not is_running(int((target.home / "pid").read_text()))


async def test_a_command_that_ignores_term_is_killed(mcp: RunningServer, target: Sshd) -> None:
    command = "trap '' TERM; echo $$ > ~/pid; while :; do sleep 1; done"
    ran = data(await mcp.call("run_command", host="target", command=command, timeout=1))
    assert ran["remote_process"] == "killed"
    assert not is_running(int((target.home / "pid").read_text()))


@pytest.mark.promise("processes-end-with-the-call")
async def test_cancelling_the_call_ends_the_remote_command(start: StartServer, sshd: Sshd) -> None:
    pid = sshd.home / "pid"
    async with start("ssh-mcp") as server:
        async with anyio.create_task_group() as group:
            group.start_soon(call_forever, server, pid)
            await anyio.to_thread.run_sync(started, pid)
            group.cancel_scope.cancel()
        await anyio.to_thread.run_sync(wait_for, lambda: not is_running(started(pid)), "it ends")
        assert data(await server.call("run_command", host="target", command="echo on"))["stdout"]["text"] == "on\n"
    assert sshd.logins == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_the_server_and_the_remote_command(
    start_process: StartProcess, sshd: Sshd, number: signal.Signals
) -> None:
    pid = sshd.home / "pid"
    async with start_process("ssh-mcp") as server, anyio.create_task_group() as group:
        group.start_soon(call_forever, server, pid)
        remote = await anyio.to_thread.run_sync(started, pid)
        process = psutil.Process(server.pid)
        os.kill(server.pid, number)
        await anyio.to_thread.run_sync(wait_for, lambda: not is_running(remote), "the command ends")
        await anyio.to_thread.run_sync(wait_for, lambda: not is_running(process.pid), "the server ends")
        group.cancel_scope.cancel()


async def test_a_host_that_freezes_is_given_up_and_said_to_be_lost(start: StartServer, sshd: Sshd) -> None:
    async with start("ssh-mcp") as server:
        async with anyio.create_task_group() as group:

            async def freeze_once_started() -> None:
                await anyio.to_thread.run_sync(started, sshd.home / "pid")
                sshd.freeze()

            group.start_soon(freeze_once_started)
            result = await server.call("run_command", host="target", command="echo $$ > ~/pid; sleep 60", timeout=3)
        sshd.thaw()
    ran = data(result)
    assert result.is_error
    assert (ran["timed_out"], ran["exit_status"], ran["remote_process"]) == (True, None, "may still run")


async def call_forever(server: RunningServer, pid: Path) -> None:
    with suppress(MCPError):
        await server.call("run_command", host="target", command=f"echo $$ > {pid}; exec sleep 60", timeout=3600)
