"""The servers in a real Claude Code: registered as the README says, and used by a model whose turns are scripted."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.client import console_script, minimal_environment
from support.installers import SERVERS
from support.scripted_model import scripted_model
from support.sshd import Sshd
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


@pytest.mark.parametrize("server", SERVERS)
def test_a_registered_server_is_connected(claude: Claude, server: str) -> None:
    claude("mcp", "add", server, "--", console_script(f"{server}-mcp"))
    (line,) = [line for line in claude("mcp", "list").splitlines() if line.startswith(f"{server}:")]
    assert line.endswith("Connected")


def test_a_model_runs_a_command_on_a_host(claude: Claude, home: Path, sshd: Sshd) -> None:
    claude("mcp", "add", "ssh", "--", console_script("ssh-mcp"))
    with scripted_model(("mcp__ssh__run_command", {"host": "target", "command": "echo $((6 * 7)); exit 3"})) as model:
        claude(
            "-p",
            "What is six times seven?",
            "--allowedTools",
            "mcp__ssh__run_command",
            ANTHROPIC_BASE_URL=model.url,
            ANTHROPIC_API_KEY="none",
            ENABLE_TOOL_SEARCH="false",
        )
    (result,) = model.results
    seen = json.loads(result)
    assert (seen["stdout"]["text"], seen["exit_status"]) == ("42\n", 3)
    assert sshd.logins == 1
