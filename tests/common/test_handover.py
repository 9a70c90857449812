"""The moment at which the SDK takes over: whatever comes then, nothing is lost, answered twice or left behind."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from manifests.manifest import VERSIONS, enveloped, lines, opening, request
from sandbox.client import Mode, console_script, minimal_environment
from support.client import StartServer
from support.installers import SERVERS
from support.raw import RawServer, StartRaw
from support.tools import wait_for

Json = dict[str, Any]
LATEST = [(era, versions[-1]) for era, versions in VERSIONS.items()]
MODERN = VERSIONS["modern"][-1]
SIGNALS = [signal.SIGINT, signal.SIGTERM]


def call(number: int, era: str = "handshake") -> Json:
    """A call that every server answers with an error, for want of such a tool."""
    params = {"name": f"no_such_tool_{number}", "arguments": {}}
    params = enveloped(MODERN, **params) if era == "modern" else params
    return request("tools/call", params) | {"id": number}


def opened(running: RawServer, era: str = "handshake") -> RawServer:
    """The server after an opening, still without the SDK."""
    wanted = {"initialize", "notifications/initialized", "server/discover", "tools/list"}
    said = [line for line in opening(era, VERSIONS[era][-1]).splitlines(True) if json.loads(line)["method"] in wanted]
    running.send(b"".join(said))
    running.answers(2)
    assert not running.has_loaded_the_sdk
    return running


@pytest.fixture
def endless_call() -> Iterator[Json]:
    """A call that gets no answer for a long time: to a host that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"nobody@127.0.0.1:{silent.getsockname()[1]}"
        yield request("tools/call", {"name": "run_command", "arguments": {"host": host, "command": "true"}}) | {"id": 1}


@pytest.mark.parametrize("era", VERSIONS)
@pytest.mark.parametrize("server", SERVERS)
def test_a_hundred_messages_behind_the_first_call_are_answered_once_each(
    start_raw: StartRaw, server: str, era: str
) -> None:
    running = start_raw(f"{server}-mcp")
    said = opening(era, VERSIONS[era][-1]) + lines(*(call(number, era) for number in range(101)))
    running.send(said)
    expected = {message["id"] for message in map(json.loads, said.splitlines()) if "id" in message}
    answers = {answer["id"]: answer for answer in running.answers(len(expected))}
    running.close_input()
    assert answers.keys() == expected
    assert running.rest() == []
    assert all(f"no_such_tool_{number}" in json.dumps(answers[number]["result"]) for number in range(101))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_client_of_the_sdk_lists_and_calls(start: StartServer, mode: Mode) -> None:
    async with start("ssh-mcp", mode=mode) as server:
        listed = await server.client.list_tools()
        found = [await server.call("list_hosts") for _ in range(2)]
    assert "list_hosts" in {tool.name for tool in listed.tools}
    assert [result.is_error for result in found] == [False, False]


def test_a_message_longer_than_every_buffer_arrives_whole(start_raw: StartRaw) -> None:
    running = opened(start_raw("ssh-mcp"))
    long = call(1) | {"params": {"name": "no_such_tool", "arguments": {"text": "å" * 500_000}}}
    running.send(lines(long, call(2)))
    assert {answer["id"] for answer in running.answers(2)} == {1, 2}


def test_the_first_call_can_be_cancelled_while_the_sdk_loads(start_raw: StartRaw, endless_call: Json) -> None:
    running = opened(start_raw("ssh-mcp"))
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    running.send(lines(endless_call, cancelled, call(2)))
    assert running.answer()["id"] == 2
    running.close_input()
    assert (running.rest(), running.wait()) == ([], 0)


@pytest.mark.parametrize("server", SERVERS)
def test_without_input_it_ends_well(start_raw: StartRaw, server: str) -> None:
    running = start_raw(f"{server}-mcp")
    running.close_input()
    assert (running.rest(), running.wait(), running.stderr) == ([], 0, "")


@pytest.mark.parametrize("era", VERSIONS)
def test_it_ends_with_its_input_before_the_handover(start_raw: StartRaw, era: str) -> None:
    running = opened(start_raw("ssh-mcp"), era)
    running.close_input()
    assert (running.rest(), running.wait(), running.stderr) == ([], 0, "")


@pytest.mark.parametrize("ending", [b"\n", b""])
def test_it_ends_with_its_input_during_the_handover(start_raw: StartRaw, endless_call: Json, ending: bytes) -> None:
    running = opened(start_raw("ssh-mcp"))
    running.send(lines(endless_call)[:-1] + ending)
    running.close_input()
    assert [answer["id"] for answer in running.rest()] == [1]
    assert running.wait() == 0


def test_it_ends_with_its_input_after_the_handover(start_raw: StartRaw) -> None:
    running = opened(start_raw("ssh-mcp"))
    running.send(lines(call(1)))
    running.answer()
    running.close_input()
    assert (running.rest(), running.wait()) == ([], 0)


def test_it_ends_when_nobody_reads_its_answers(home: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [console_script("ssh-mcp")],
        check=False,
        env=minimal_environment(home),
        input=opening("modern", MODERN),
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_before_the_handover_ends_it(start_raw: StartRaw, number: int) -> None:
    running = opened(start_raw("ssh-mcp"))
    running.signal(number)
    assert (running.wait(), running.stderr) == (128 + number, "")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_the_sdk_loads_ends_it(start_raw: StartRaw, number: int) -> None:
    running = opened(start_raw("ssh-mcp"))
    running.send(lines(call(1)))
    wait_for(lambda: running.has_loaded_the_sdk, "the SDK begins to load")
    running.signal(number)
    assert (running.wait(), running.stderr) == (128 + number, "")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_after_the_handover_ends_it(start_raw: StartRaw, endless_call: Json, number: int) -> None:
    running = opened(start_raw("ssh-mcp"))
    running.send(lines(endless_call, call(2)))
    assert running.answer()["id"] == 2
    running.signal(number)
    assert running.wait() == 128 + number


def test_nothing_but_the_server_reaches_the_client_after_the_handover(start_raw: StartRaw) -> None:
    running = opened(start_raw("ssh-mcp"))
    running.send(lines(call(1)))
    running.answer()
    stdin, stdout, stderr = (Path(f"/proc/{running.pid}/fd/{number}").readlink() for number in range(3))
    assert (stdin, stdout) == (Path(os.devnull), stderr)
