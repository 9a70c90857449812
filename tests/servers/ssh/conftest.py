"""A host and a server that the tests of a module share, for those that need no fresh one."""

import shutil
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from sandbox.client import RunningServer, in_memory
from support.client import StartServer
from support.ssh_home import SshHome
from support.sshd import Sshd


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """One event loop for all tests of a module."""
    return "asyncio"


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared") / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="module")
def shared_sshd(shared_home: Path) -> Iterator[Sshd]:
    ssh_home = SshHome(shared_home)
    with Sshd(shared_home.parent / "target") as server:
        server.authorize(ssh_home.key())
        ssh_home.trust(server)
        ssh_home.alias("target", server)
        yield server


@pytest.fixture(scope="module")
async def shared_server(shared_home: Path, shared_sshd: Sshd) -> AsyncIterator[RunningServer]:
    async with in_memory("ssh-mcp", home=shared_home) as server:
        yield server


@pytest.fixture
def client_home(shared_home: Path) -> Path:
    """The home of the shared server, with nothing in it but its SSH files and its state."""
    _empty(shared_home)
    return shared_home


@pytest.fixture
def target(shared_sshd: Sshd) -> Sshd:
    """The host `target` of the shared server, with an empty home."""
    _empty(shared_sshd.home)
    return shared_sshd


@pytest.fixture
def mcp(shared_server: RunningServer, client_home: Path, target: Sshd) -> RunningServer:
    """The shared server."""
    return shared_server


@pytest.fixture
def start_beside(client_home: Path) -> StartServer:
    """Start another server in the shared home, for settings of a test's own."""
    return partial(in_memory, home=client_home)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
