"""One server for all tests of a module, and a project for each of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.ansible import Ansible, Project, StartAnsible, new_project, started


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
def start_ansible(lab: Path, home: Path) -> StartAnsible:
    """Start a server of one's own, in the test's home."""
    return lambda *arguments, env=None: started(lab, home, *arguments, env=env)


@pytest.fixture(scope="module")
async def ansible(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ansible]:
    """The server that all tests of a module share."""
    home = tmp_path_factory.mktemp("home")
    async with started(lab, home) as server:
        yield server
