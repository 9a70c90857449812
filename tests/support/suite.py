"""The probe, started like a server of the suite, and the servers that this checkout holds."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import pytest

from sandbox.client import Mode, RunningServer
from support import probe
from support.client import StartServer

ROOT = Path(__file__).parents[2]
SERVERS = sorted(folder.name for folder in (ROOT / "servers").iterdir() if (folder / "pyproject.toml").is_file())
PROBE = Path(probe.__file__)


class StartProbe(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[RunningServer]: ...


@pytest.fixture
def start_probe(start: StartServer) -> StartProbe:
    """Start the probe: `async with start_probe("--read-only") as server`."""

    def start_here(
        *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[RunningServer]:
        return start("python", str(PROBE), *arguments, env=env, mode=mode)

    return start_here


@pytest.fixture
def env_file(home: Path) -> Path:
    """Where the operator's settings of the probe go: private, and not there yet."""
    folder = home / ".config/infra-mcp"
    folder.mkdir(parents=True)
    return folder / "probe.env"
