"""Commands on a real sshd: what comes back, on how many connections, and what sudo is given."""

import base64

import anyio
import pytest

from sandbox.client import RunningServer
from support.answers import data
from support.client import StartServer
from support.sshd import Sshd
from support.tools import wait_for

pytestmark = pytest.mark.anyio


async def test_status_and_both_streams_come_back_apart(mcp: RunningServer, target: Sshd) -> None:
    result = await mcp.call("run_command", host="target", command="echo out; echo err >&2; exit 7")
    ran = data(result)
    assert (ran["exit_status"], ran["stdout"]["text"], ran["stderr"]["text"]) == (7, "out\n", "err\n")
    assert ran["remote_process"] == "ended"
    assert not result.is_error


@pytest.mark.promise("no-exit-status-is-not-zero")
async def test_a_command_ended_by_a_signal_has_no_exit_status(mcp: RunningServer, target: Sshd) -> None:
    ran = data(await mcp.call("run_command", host="target", command="kill -9 $$"))
    assert (ran["exit_status"], ran["signal"]) == (None, "KILL")


async def test_directory_variables_and_input_reach_the_command_unchanged(mcp: RunningServer, target: Sshd) -> None:
    folder = target.home / "it's $HOME; here"
    folder.mkdir()
    ran = data(
        await mcp.call(
            "run_command",
            host="target",
            command='pwd; echo "$ODD"; cat',
            cwd=str(folder),
            env={"ODD": "$(id) 'x' \"y\""},
            stdin="fed\n",
        )
    )
    assert ran["stdout"]["text"].splitlines() == [str(folder), "$(id) 'x' \"y\"", "fed"]


async def test_a_directory_that_is_not_there_stops_the_command(mcp: RunningServer, target: Sshd) -> None:
    ran = data(await mcp.call("run_command", host="target", command="touch ran; echo ran", cwd="/nowhere"))
    assert ran["exit_status"] == 1
    assert ran["stdout"]["text"] == ""


async def test_binary_output_survives_and_so_does_the_connection(start: StartServer, sshd: Sshd) -> None:
    async with start("ssh-mcp") as server:
        ran = data(await server.call("run_command", host="target", command=r"printf '\377\000\376'"))
        assert base64.b64decode(ran["stdout"]["text"]) == b"\xff\x00\xfe"
        assert ran["stdout"]["encoding"] == "base64"
        await server.call("run_command", host="target", command="true")
    assert sshd.logins == 1


async def test_long_output_is_cut_in_the_middle_and_read_on_by_id(mcp: RunningServer, target: Sshd) -> None:
    out = data(await mcp.call("run_command", host="target", command="seq 100000"))["stdout"]
    assert out["text"].startswith("1\n2\n")
    assert out["text"].endswith("\n100000\n")
    assert out["bytes"] == 588895
    assert out["omitted_bytes"] == out["bytes"] - 32_000
    middle = data(await mcp.call("read_output", output_id=out["output_id"], offset=300_000, limit=100))
    assert (len(middle["text"]), middle["total"]) == (100, 588895)
    found = data(await mcp.call("read_output", output_id=out["output_id"], grep="7777"))
    assert "77770" in found["text"].split()


async def test_many_calls_at_once_need_one_login(start: StartServer, sshd: Sshd) -> None:
    statuses: list[int] = []

    async def one(number: int) -> None:
        ran = data(await server.call("run_command", host="target", command=f"sleep 0.2; exit {number}"))
        statuses.append(ran["exit_status"])

    async with start("ssh-mcp") as server, anyio.create_task_group() as group:
        for number in range(20):
            group.start_soon(one, number)
    assert sorted(statuses) == list(range(20))
    assert sshd.connections == 1


async def test_a_connection_that_died_between_calls_is_opened_again(start: StartServer, sshd: Sshd) -> None:
    async with start("ssh-mcp") as server:
        await server.call("run_command", host="target", command="true")
        sshd.restart()
        ran = data(await server.call("run_command", host="target", command="echo back"))
    assert ran["stdout"]["text"] == "back\n"


async def test_a_connection_lost_in_a_command_is_no_success_and_not_repeated(start: StartServer, sshd: Sshd) -> None:
    marks = sshd.home / "marks"
    async with start("ssh-mcp") as server, anyio.create_task_group() as group:

        async def kill_once_started() -> None:
            await anyio.to_thread.run_sync(wait_for, marks.exists, "the command starts")
            sshd.kill()
            sshd.start()

        group.start_soon(kill_once_started)
        result = await server.call("run_command", host="target", command="echo x >> ~/marks; sleep 30; echo done")
    ran = data(result)
    assert result.is_error
    assert (ran["exit_status"], ran["connection_lost"], ran["remote_process"]) == (None, True, "may still run")
    assert marks.read_text() == "x\n"
