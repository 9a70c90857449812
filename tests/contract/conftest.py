"""The world of each server in turn."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio
import pytest

from contract.witness import Observation, observe
from contract.worlds.all import WORLDS, opened
from contract.worlds.base import World


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest, home: Path) -> Iterator[World]:
    """The other side of one server; a test that asks for it runs once for each."""
    with opened(request.param, home) as world:
        yield world


@pytest.fixture(scope="session", params=sorted(WORLDS))
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Observation:
    """What was seen of one server on a tour of all its tools; a test that asks for it runs once for each."""
    home = tmp_path_factory.mktemp("seen") / "home"
    home.mkdir(mode=0o700)
    with opened(request.param, home) as world:
        return anyio.run(partial(observe, world))
