"""`health` of every server looks without changing anything, and never calls well what did not answer."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contract.worlds.all import WORLDS, opened
from contract.worlds.base import World
from sandbox.client import console_script, minimal_environment

# They look at what this server has kept of its own runs, not at another side.
LOOK_AT_OWN_RUNS = {"ansible", "terraform"}


def health(world: World) -> tuple[int, dict[str, Any]]:
    command = [str(console_script(world.script)), "health", "--json"]
    env = minimal_environment(world.home) | world.env
    done = subprocess.run(
        command, env=env, cwd=world.home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_it_looks_and_changes_nothing(world: World) -> None:
    before = world.state()
    status, report = health(world)
    assert report["findings"]
    assert (status == 0) == report["healthy"] == (report["verdict"] == "well")
    assert world.state() == before


@pytest.mark.parametrize("name", sorted(set(WORLDS) - LOOK_AT_OWN_RUNS))
def test_what_does_not_answer_is_not_well(name: str, home: Path) -> None:
    with opened(name, home) as world, world.faulty() as faults:
        next(fault for fault in faults if not fault.settings and fault.call is None).begin()
        status, report = health(world)
    assert (status, report["verdict"]) in {(1, "broken"), (3, "could not look")}
