"""The world of each server in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.worlds.all import WORLDS, opened
from contract.worlds.base import World


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest, home: Path) -> Iterator[World]:
    """The other side of one server; a test that asks for it runs once for each."""
    with opened(request.param, home) as world:
        yield world
