"""Every call leaves one line for the operator: what, on what, how it ended; names of arguments, never values."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.suite import StartProbe

pytestmark = pytest.mark.anyio


@pytest.fixture
def log(home: Path) -> Path:
    return home / ".local/state/infra-mcp/audit/probe.jsonl"


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.promise("every-call-is-audited")
async def test_each_outcome_is_told_apart_calls_refused_before_the_tool_included(
    start_probe: StartProbe, log: Path, tmp_path: Path
) -> None:
    async with start_probe(env={"INFRA_MCP_EXCLUDE_TARGETS": "db"}) as server:
        await server.call("visit", target="web")
        await server.call("visit", target="db")
        await server.call("say", txt="x")
        await server.call("say", text="x", times=0)
        await server.call("crash", detail="x")
        await server.call("destroy", path=str(tmp_path / "x"))
    assert [(line["tool"], line["class"], line["outcome"]) for line in lines(log)] == [
        ("visit", "read", "ok"),
        ("visit", "read", "error:refused"),
        ("say", "read", "error:invalid_input"),
        ("say", "read", "error:invalid_input"),
        ("crash", "read", "error:unexpected"),
        ("destroy", "destructive", "preview"),
    ]
    assert lines(log)[0]["targets"] == ["web"]
    assert {"time", "ms", "server"} < lines(log)[0].keys()


@pytest.mark.promise("audit-holds-no-values")
async def test_values_of_arguments_stay_out_of_it_and_it_is_private(start_probe: StartProbe, log: Path) -> None:
    async with start_probe() as server:
        await server.call("say", text="canary-value", note="canary-note")
    assert lines(log)[0]["arguments"] == ["note", "text"]
    assert "canary" not in log.read_text()
    assert (oct(log.stat().st_mode & 0o777), oct(log.parent.stat().st_mode & 0o777)) == ("0o600", "0o700")
