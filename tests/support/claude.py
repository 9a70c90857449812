"""A real Claude Code, without a network but loopback."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.client import minimal_environment
from support.tools import require

Claude = Callable[..., str]


@pytest.fixture
def claude(home: Path) -> Claude:
    """Run Claude Code in the test's home, with no network but loopback; returns what it printed."""
    program = require("claude")
    environment = minimal_environment(home) | {
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    }

    def run(*arguments: str | Path, **settings: str) -> str:
        command, env = [program, *arguments], environment | settings
        done = subprocess.run(command, cwd=home, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        output = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, output
        return output

    return run
