"""Stdout carries the protocol or what was asked for, and nothing else; every end is clean, whenever it comes."""

import secrets
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from contract.worlds.base import Json, World
from contract.worlds.waiting import waiting
from manifests.manifest import VERSIONS, lines, opening, request
from sandbox.client import console_script, minimal_environment
from support.raw import RawServer, StartRaw
from support.suite import SERVERS
from support.tools import end as end_processes
from support.tools import wait_for

MARK = "INFRA_MCP_TEST_STREAMS"
ENDINGS: dict[str, tuple[Callable[[RawServer], None], int]] = {
    "SIGINT": (lambda server: server.signal(signal.SIGINT), 130),
    "SIGTERM": (lambda server: server.signal(signal.SIGTERM), 143),
    "closed stdin": (lambda server: server.close_input(), 0),
}
endings = pytest.mark.parametrize("ending", ENDINGS)


@pytest.mark.parametrize("wrong", [["--no-such-flag"], ["no-such-command"]])
@pytest.mark.parametrize("server", SERVERS)
def test_wrong_flags_say_so_on_stderr_alone(home: Path, server: str, wrong: list[str]) -> None:
    ran = run(home, server, *wrong)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"usage: {server}-mcp")
    assert wrong[-1] in ran.stderr


def test_what_a_person_asks_for_is_all_that_is_printed(world: World) -> None:
    for asked in ("--help", "--version", "--list-tools", "doctor"):
        ran = run(world.home, world.name, asked, env=world.env)
        assert (ran.returncode, ran.stdout != "", ran.stderr) == (0, True, ""), asked


def run(
    home: Path, server: str, *arguments: str, env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    command = [str(console_script(f"{server}-mcp")), *arguments]
    environment = minimal_environment(home) | dict(env or {})
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )


@endings
@pytest.mark.parametrize("server", SERVERS)
def test_it_ends_cleanly_before_the_handshake(start_raw: StartRaw, server: str, ending: str) -> None:
    mark = secrets.token_hex()
    running = start_raw(f"{server}-mcp", env={MARK: mark})
    wait_for(lambda: handles_signals(running.pid), "it has begun")
    assert ends_cleanly(running, ending, mark) == []


@pytest.mark.parametrize("ending", ["SIGTERM", "closed stdin"])
def test_it_ends_cleanly_between_calls(world: World, start_raw: StartRaw, ending: str) -> None:
    mark, call = secrets.token_hex(), next(world.calls({}))
    running = start_raw(world.script, env={**world.env, MARK: mark})
    converse(running, request("tools/call", {"name": call.tool, "arguments": call.arguments}))
    assert "result" in message(running.answer())
    assert ends_cleanly(running, ending, mark) == []


@endings
@pytest.mark.promise("processes-end-with-the-server")
def test_it_ends_cleanly_while_the_other_side_does_not_answer(world: World, start_raw: StartRaw, ending: str) -> None:
    mark = secrets.token_hex()
    dawdling = waiting(world, mark)
    running = start_raw(world.script, env={**world.env, **dawdling.env, MARK: mark})
    converse(running, request("tools/call", {"name": dawdling.call.tool, "arguments": dawdling.call.arguments}))
    wait_for(dawdling.begun, "the other side has the call", 60)
    last_words = ends_cleanly(running, ending, mark)
    assert [answer["id"] for answer in last_words] in ([], ["tools/call"])
    assert all("error" in answer or answer["result"]["isError"] for answer in last_words)


def converse(running: RawServer, call: Json) -> None:
    """Shake hands and take every listing, then call."""
    said = opening("handshake", VERSIONS["handshake"][-1])
    running.send(said)
    for _ in range(said.count(b'"id"')):
        message(running.answer())
    running.send(lines(call))


def message(answer: Json) -> Json:
    """A line of stdout, which must be an answer of the protocol."""
    assert answer["jsonrpc"] == "2.0"
    assert "id" in answer
    assert ("result" in answer) != ("error" in answer)
    return answer


def ends_cleanly(running: RawServer, ending: str, mark: str) -> list[Json]:
    """End it; what it still says. Its exit status tells why it ended, and nothing that it started is left."""
    end, status = ENDINGS[ending]
    end(running)
    last_words = [message(answer) for answer in running.rest()]
    assert running.wait() == status
    assert "Traceback" not in running.stderr
    try:
        wait_for(lambda: not marked(mark), "every process that it started is gone")
    finally:
        end_processes(marked(mark))
    return last_words


def marked(mark: str) -> list[psutil.Process]:
    """Processes that the server, or its sandbox, started for this test."""
    return [process for process in psutil.process_iter() if mark in _environment(process).values()]


def handles_signals(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1 << (signal.SIGTERM - 1))


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
