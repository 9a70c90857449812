"""One server in memory for all tests of a module, and a project for each of them."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from support.ansible import (
    Ansible,
    Places,
    Project,
    StartAnsible,
    StartAnsibleProcess,
    new_project,
    started,
    started_process,
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """As for all tests, but as long-lived as the server."""
    return "asyncio"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all projects of a module, which is the only root."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture
def project(lab: Path) -> Project:
    return new_project(lab)


@pytest.fixture
def places(lab: Path, home: Path) -> Iterator[Places]:
    """Of the servers that a test starts for itself, in its own home."""
    with _places(lab, home) as places:
        yield places


@pytest.fixture
def start_ansible(places: Places) -> StartAnsible:
    """Serve in this process."""
    return partial(started, places)


@pytest.fixture
def start_ansible_process(places: Places) -> StartAnsibleProcess:
    return partial(started_process, places)


@pytest.fixture(scope="module")
async def ansible(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ansible]:
    """The server that all tests of a module share."""
    with _places(lab, tmp_path_factory.mktemp("home")) as places:
        async with started(places) as server:
            yield server


@contextmanager
def _places(lab: Path, home: Path) -> Iterator[Places]:
    # Sockets lie below it, whose paths may not be long.
    with tempfile.TemporaryDirectory(prefix="lab-", dir="/tmp") as temporary:
        yield Places(lab, home, Path(temporary))
