"""Nothing leaks: what a server was entrusted with leaves it by no door."""

import json
from pathlib import Path

import pytest
from mcp.types import Tool

from contract.witness import Observation
from contract.worlds.base import World
from infra_mcp_common.text.redaction import MASK, spellings
from support.client import StartProcess

pytestmark = pytest.mark.anyio
ARGUMENT = "canary-argument-7d1e"


@pytest.mark.promise("secrets-stay-in")
def test_a_secret_is_in_no_answer_progress_log_or_diagnosis(seen: Observation) -> None:
    (secret,) = seen.world.secrets
    assert [place for place, text in seen.said.items() for form in spellings(secret) if form in text] == []
    assert {tool for tool, text in seen.said.items() if MASK in text} >= seen.shown_by


@pytest.mark.promise("secrets-stay-in")
def test_a_secret_is_in_no_command_line(seen: Observation) -> None:
    assert seen.command_lines == set()


@pytest.mark.promise("secrets-stay-in")
def test_a_secret_is_in_no_file_that_is_left(seen: Observation) -> None:
    assert seen.left == set()


@pytest.mark.promise("audit-holds-no-values", "every-call-is-audited")
async def test_no_argument_but_the_target_is_audited_and_none_is_logged(
    world: World, start_process: StartProcess, home: Path
) -> None:
    async with start_process(world.script, env=world.env) as server:
        tools = (await server.client.list_tools()).tools
        calls = [(tool.name, {**needed(tool), name: ARGUMENT}) for tool in tools for name in texts(tool)]
        for name, arguments in calls:
            await server.client.call_tool(name, arguments)
    lines = (home / f".local/state/infra-mcp/audit/{world.name}.jsonl").read_text().splitlines()
    assert len(lines) == len(calls)
    # What a call is aimed at is what an audit is for; nothing else of its arguments is kept.
    assert ARGUMENT not in str([{**json.loads(line), "targets": []} for line in lines])
    assert ARGUMENT not in server.stderr


def texts(tool: Tool) -> list[str]:
    return [name for name, part in tool.input_schema["properties"].items() if part.get("type") == "string"]


def needed(tool: Tool) -> dict[str, str]:
    """The canary for every text that has to be given."""
    return {name: ARGUMENT for name in texts(tool) if name in tool.input_schema.get("required", [])}
