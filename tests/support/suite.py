"""The probe, started like a server of the suite, and the servers that this checkout holds."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from sandbox.client import Mode, RunningServer, ServerProcess, in_memory
from support import probe
from support.client import StartProcess

ROOT = Path(__file__).parents[2]
SERVERS = sorted(folder.name for folder in (ROOT / "servers").iterdir() if (folder / "pyproject.toml").is_file())
PROBE = Path(probe.__file__)


class StartProbe(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[RunningServer]: ...


class StartProbeProcess(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None, mode: Mode = "auto"
    ) -> AbstractAsyncContextManager[ServerProcess]: ...


@pytest.fixture
def start_probe(home: Path) -> StartProbe:
    """Serve the probe in this process: `async with start_probe("--read-only") as server`."""
    return partial(in_memory, probe.server(), home=home)


@pytest.fixture
def start_probe_process(start_process: StartProcess) -> StartProbeProcess:
    """Start the probe as a client does."""
    return partial(start_process, "python", str(PROBE))


@pytest.fixture
def env_file(home: Path) -> Path:
    """Where the operator's settings of the probe go: private, and not there yet."""
    folder = home / ".config/infra-mcp"
    folder.mkdir(parents=True)
    return folder / "probe.env"
