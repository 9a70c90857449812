"""Stdout carries the protocol or what was asked for, and nothing else; every end is clean, whenever it comes."""

import os
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
from support.tools import require, wait_for

# Sends the process SIGTERM when nothing but the wait for input is left to do.
LATE_SIGNAL = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
static void late(int number) { if (number == 0) raise(SIGTERM); }
ssize_t read(int number, void *into, size_t size) {
    late(number);
    return ((ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read"))(number, into, size);
}
int poll(struct pollfd *files, nfds_t count, int patience) {
    late(files[0].fd);
    return ((int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll"))(files, count, patience);
}
"""
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


@pytest.mark.parametrize("asked", ["--help", "--list-tools", "doctor", "env-template"])
def test_a_reader_that_leaves_ends_it_without_a_word(home: Path, asked: str) -> None:
    read, write = os.pipe()
    os.close(read)
    ran = run(home, "ssh", asked, stdout=write)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (128 + signal.SIGPIPE, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_stream_is_told_at_once(home: Path, closed: str) -> None:
    command = ["sh", "-c", f'exec "$0" {closed}', str(console_script("ssh-mcp"))]
    ran = subprocess.run(
        command, env=minimal_environment(home), input="", capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)


def run(
    home: Path, server: str, *arguments: str, env: Mapping[str, str] | None = None, stdout: int = subprocess.PIPE
) -> "subprocess.CompletedProcess[str]":
    command = [str(console_script(f"{server}-mcp")), *arguments]
    environment = minimal_environment(home) | dict(env or {})
    null, pipe = subprocess.DEVNULL, subprocess.PIPE
    return subprocess.run(
        command, env=environment, stdin=null, stdout=stdout, stderr=pipe, text=True, check=False, timeout=60
    )


@endings
@pytest.mark.parametrize("server", SERVERS)
def test_it_ends_cleanly_before_the_handshake(start_raw: StartRaw, server: str, ending: str) -> None:
    mark = secrets.token_hex()
    running = start_raw(f"{server}-mcp", env={MARK: mark})
    wait_for(lambda: handles_signals(running.pid), "it has begun")
    assert ends_cleanly(running, ending, mark) == []


def test_a_signal_just_before_the_wait_for_input_ends_it(start_raw: StartRaw, tmp_path: Path) -> None:
    source, library = tmp_path / "late_signal.c", tmp_path / "late_signal.so"
    source.write_text(LATE_SIGNAL)
    subprocess.run([require("cc"), "-shared", "-fPIC", source, "-o", library, "-ldl"], check=True, timeout=60)
    running = start_raw("ssh-mcp", env={"LD_PRELOAD": str(library)})
    assert (running.rest(), running.wait()) == ([], 143)


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
