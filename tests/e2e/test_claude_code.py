"""The servers in a real Claude Code: registered as the README says, and used by a model whose turns are scripted."""

import json
from pathlib import Path

import pytest

from sandbox.client import console_script
from support.claude import Claude
from support.installers import SERVERS
from support.scenes.base import Call, scene
from support.scripted_model import ScriptedModel, scripted_model
from support.selection import everyday
from support.sshd import Sshd


@pytest.mark.parametrize("server", everyday("ssh", SERVERS))
def test_a_registered_server_is_connected(claude: Claude, server: str) -> None:
    claude("mcp", "add", server, "--", console_script(f"{server}-mcp"))
    (line,) = [line for line in claude("mcp", "list").splitlines() if line.startswith(f"{server}:")]
    assert line.endswith("Connected")


def converse(claude: Claude, server: str, *calls: Call, **settings: str) -> ScriptedModel:
    """Have Claude Code carry out what a model calls, with nobody there to ask."""
    claude("mcp", "add", server, "--", console_script(f"{server}-mcp"))
    with scripted_model(*((f"mcp__{server}__{tool}", arguments) for tool, arguments in calls)) as model:
        claude(
            "-p",
            "Do what is needed.",
            "--allowedTools",
            f"mcp__{server}__*",
            ANTHROPIC_BASE_URL=model.url,
            ANTHROPIC_API_KEY="none",
            ENABLE_TOOL_SEARCH="false",
            **settings,
        )
    return model


def test_a_model_runs_a_command_on_a_host(claude: Claude, sshd: Sshd) -> None:
    model = converse(claude, "ssh", ("run_command", {"host": "target", "command": "echo $((6 * 7)); exit 3"}))
    seen = json.loads(model.results[0])
    assert (seen["stdout"]["text"], seen["exit_status"], model.failures) == ("42\n", 3, [False])
    assert sshd.logins == 1


@pytest.mark.parametrize("server", everyday("ssh", SERVERS))
def test_a_model_is_shown_what_would_happen_and_why_it_may_not(claude: Claude, home: Path, server: str) -> None:
    with scene(server, home) as played:
        before = played.state()
        model = converse(claude, server, played.preview, played.refusal, INFRA_MCP_ASK="off", **played.settings)
        assert model.failures == [False, True], model.results
        assert json.loads(model.results[0])["would"]
        assert played.reason in model.results[1]
        assert played.state() == before


@pytest.mark.promise("a-person-is-asked")
def test_without_a_person_claude_code_denies_what_destroys(claude: Claude, home: Path) -> None:
    """Even allowed by name and confirmed: only INFRA_MCP_ASK=off lets it through unattended."""
    with scene("proxmox", home) as played:
        before = played.state()
        tool, arguments = played.preview
        model = converse(claude, "proxmox", (tool, arguments | {"confirmed": True}), **played.settings)
        assert (model.failures, played.state()) == ([True], before)
        assert "permission" in model.results[0]
