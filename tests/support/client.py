"""The servers in a home of the test's own: in memory, or as processes where the process is the point."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from sandbox.client import Mode, RunningServer, ServerProcess, in_memory, start_server


class StartServer(Protocol):
    """Serves in this process: `async with start("ssh-mcp", "--read-only") as server`."""

    def __call__(
        self, script: str, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[RunningServer]: ...


class StartProcess(Protocol):
    """Starts a server as a client does: `async with start_process("ssh-mcp", "--read-only") as server`."""

    def __call__(
        self, script: str, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[ServerProcess]: ...


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home directory."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def start(home: Path) -> StartServer:
    return partial(in_memory, home=home)


@pytest.fixture
def start_process(home: Path) -> StartProcess:
    return partial(start_server, home=home)
