"""A real Claude Code, with a server on another machine, as the README has it."""

import json

import pytest

from sandbox.client import console_script
from support.claude import Claude
from support.http_server import KEY, StartHttp
from support.scripted_model import scripted_model


@pytest.mark.promise("speaks-http", "every-call-needs-a-key")
def test_claude_code_connects_with_the_key_and_not_without(claude: Claude, start_http: StartHttp) -> None:
    with start_http(command=(str(console_script("ssh-mcp")),)) as server:
        claude(
            "mcp",
            "add",
            "--transport",
            "http",
            *("--scope", "user", "known"),
            server.url,
            "--header",
            f"Authorization: Bearer {KEY}",
        )
        claude("mcp", "add", "--transport", "http", "wrong", server.url, "--header", f"Authorization: Bearer {KEY}x")
        claude("mcp", "add", "--transport", "http", "stranger", server.url)
        lines = {line.split(":")[0]: line for line in claude("mcp", "list").splitlines() if server.url in line}
    connected = {name: line.endswith("Connected") for name, line in lines.items()}
    assert connected == {"known": True, "wrong": False, "stranger": False}


@pytest.mark.full
def test_a_model_uses_the_server(claude: Claude, start_http: StartHttp) -> None:
    with start_http() as server:
        claude("mcp", "add", "--transport", "http", "probe", server.url, "--header", f"Authorization: Bearer {KEY}")
        with scripted_model(("mcp__probe__run", {"script": "echo $((6 * 7))"})) as model:
            settings = {"ANTHROPIC_BASE_URL": model.url, "ANTHROPIC_API_KEY": "none", "ENABLE_TOOL_SEARCH": "false"}
            claude("-p", "What is six times seven?", "--allowedTools", "mcp__probe__run", **settings)
    assert json.loads(model.results[0])["stdout"]["text"] == "42\n"
