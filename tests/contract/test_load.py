"""Under load every call gets its own answer, once, and nothing grows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from contract.worlds.all import WORLDS, opened
from contract.worlds.base import Call, World
from contract.worlds.ssh import SshWorld
from manifests.manifest import lines, request
from sandbox.client import console_script, minimal_environment
from support.raw import HANDSHAKE, RawServer

MEGABYTE = 1 << 20


class Loaded:
    """A server that is sent many calls at once. Every answer has to come once."""

    def __init__(self, server: RawServer) -> None:
        self.server, self.sent = server, 0
        server.send(lines(*HANDSHAKE))
        server.answer()

    def at_once(self, calls: list[Call]) -> list[dict[str, Any]]:
        """The results, or errors of the protocol, in the order of the calls."""
        ids = range(self.sent + 1, self.sent + len(calls) + 1)
        self.sent = ids[-1]
        asked = [request("tools/call", {"name": call.tool, "arguments": call.arguments}) for call in calls]
        self.server.send(lines(*({**message, "id": number} for number, message in zip(ids, asked, strict=True))))
        answers = {answer["id"]: answer for answer in self.server.answers(len(calls))}
        assert sorted(answers) == list(ids)
        return [answers[number].get("result", {"isError": True}) for number in ids]


@contextmanager
def loaded(world: World) -> Iterator[Loaded]:
    command, environment = [console_script(world.script)], minimal_environment(world.home) | world.env
    with RawServer(command, environment, world.home.parent / "stderr") as server:
        yield Loaded(server)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_hundred_calls_at_once_all_succeed(name: str, home: Path) -> None:
    with opened(name, home) as world, loaded(world) as server:
        results = server.at_once([world.light] * 100)
    assert [result for result in results if result.get("isError")] == []


# What all calls share is the same code in every server: one of them shows it in length, each shows its own part.
@pytest.mark.parametrize(("name", "refused", "answered"), [("ssh", 98, 2), *((name, 0, 5) for name in sorted(WORLDS))])
def test_thousands_of_calls_leave_memory_and_descriptors_as_they_were(
    name: str, refused: int, answered: int, home: Path
) -> None:
    with opened(name, home) as world, loaded(world) as server:
        process = psutil.Process(server.server.pid)
        for number in range(100):
            server.at_once([Call(world.light.tool, {"nonesuch": number})] * refused + [world.light] * answered)
            if number == 20:
                memory, descriptors = process.memory_info().rss, process.num_fds()
        assert process.memory_info().rss - memory < 8 * MEGABYTE
        assert process.num_fds() <= descriptors + 2


@pytest.mark.parametrize("name", sorted(name for name in WORLDS if WORLDS[name].may_die))
def test_when_the_other_side_dies_and_returns_every_call_is_answered(name: str, home: Path) -> None:
    with opened(name, home) as world, world.faulty() as faults, loaded(world) as server:
        breaks = next(fault for fault in faults if fault.name in ("dropped", "refused") and not fault.settings)
        well = server.at_once([world.probe] * 20)
        breaks.begin()
        broken = server.at_once([world.probe] * 20)
        world.mend()
        again = server.at_once([world.probe] * 20)
    assert [result for result in well + again if result.get("isError")] == []
    assert [result for result in broken if not result.get("isError")] == []


def test_no_command_runs_twice_when_the_host_dies_in_the_middle(home: Path) -> None:
    with opened("ssh", home) as world, loaded(world) as server:
        assert isinstance(world, SshWorld)
        log = world.sshd.home / "ran"
        calls = [run(f"echo {number} >> ~/ran; [ {number} != 20 ] || kill -9 $PPID; sleep 0.1") for number in range(60)]
        results = server.at_once(calls)
        ran = log.read_text().split()
    assert len(ran) == len(set(ran))
    told = {str(number) for number, result in enumerate(results) if not result.get("isError")}
    assert told <= set(ran)
    assert len(told) < 60


def run(command: str) -> Call:
    return Call("run_command", {"host": "target", "command": command})
