"""The servers, started for one test in a home of its own."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import pytest

from sandbox.client import Mode, RunningServer, start_server


class StartServer(Protocol):
    """Starts servers in the test's own home: `async with start("ssh-mcp", "--read-only") as server`."""

    def __call__(
        self, script: str, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[RunningServer]: ...


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home directory."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def start(home: Path) -> StartServer:
    def start_here(
        script: str, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[RunningServer]:
        return start_server(script, *arguments, home=home, env=env, mode=mode)

    return start_here
