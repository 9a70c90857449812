"""Servers that share a process share nothing else: settings, secrets, policy, files, programs."""

import json
from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import pytest

from infra_mcp_common.text.redaction import MASK
from sandbox.client import RunningServer, in_memory
from support import probe
from support.answers import data, error

pytestmark = pytest.mark.anyio

FIRST, SECOND = "canary-first-token", "canary-second-token"


@pytest.fixture
def homes(tmp_path: Path) -> list[Path]:
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
    return folders


async def said(server: RunningServer, text: str) -> str:
    return str(data(await server.call("say", text=text))["text"])


async def test_secrets_policies_files_and_environments_of_two_servers_stay_apart(
    homes: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE_TOKEN", "canary-of-the-process")
    settings = [
        {"PROBE_TOKEN": FIRST, "WHOSE": "the first", "INFRA_MCP_EXCLUDE_TARGETS": "b"},
        {"PROBE_TOKEN": SECOND, "WHOSE": "the second", "INFRA_MCP_READ_ONLY": "true"},
    ]
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(in_memory(probe.server(), home=home, env=env))
            for home, env in zip(homes, settings, strict=True)
        ]
        for server, own, others in ((first, FIRST, SECOND), (second, SECOND, FIRST)):
            await server.call("reveal")
            assert await said(server, f"{own} {others}") == f"{MASK} {others}"
        assert error(await first.call("visit", target="b"))["kind"] == "refused"
        assert data(await second.call("visit", target="b"))["text"] == "b"
        ran = data(await first.call("run", script="echo $WHOSE $PROBE_TOKEN; seq 20000"))
        assert ran["stdout"]["text"].startswith(f"the first {MASK}\n")
        assert error(await second.call("run", script="true"))["kind"] == "refused"
        assert error(await second.call("read_output", output_id=ran["stdout"]["output_id"]))["kind"] == "not_found"
        assert not (await first.call("read_output", output_id=ran["stdout"]["output_id"])).is_error
    audits = [(home / ".local/state/infra-mcp/audit/probe.jsonl").read_text().splitlines() for home in homes]
    assert [[json.loads(line)["tool"] for line in audit].count("run") for audit in audits] == [1, 1]


async def test_calls_that_run_at_once_each_have_the_runtime_of_their_server(homes: list[Path]) -> None:
    async with (
        in_memory(probe.server(), home=homes[0], env={"PROBE_TOKEN": FIRST, "WHOSE": "first"}) as first,
        in_memory(probe.server(), home=homes[1], env={"PROBE_TOKEN": SECOND, "WHOSE": "second"}) as second,
    ):
        told: dict[str, list[str]] = {"first": [], "second": []}

        async def run(name: str, server: RunningServer, number: int) -> None:
            script = f"sleep 0.0{number % 3}; echo $WHOSE {FIRST} {SECOND}"
            told[name].append(data(await server.call("run", script=script))["stdout"]["text"])

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(run, "first", first, number)
                group.start_soon(run, "second", second, number)
    assert set(told["first"]) == {f"first {MASK} {SECOND}\n"}
    assert set(told["second"]) == {f"second {FIRST} {MASK}\n"}
    assert len(told["first"]) == len(told["second"]) == 10


async def test_a_setting_that_holds_several_secrets_is_masked_in_each_of_its_parts(homes: list[Path]) -> None:
    async with in_memory(probe.server(), home=homes[0], env={"PROBE_PEERS": "a=canary-a,b=canary-b"}) as server:
        assert await said(server, "to canary-b and canary-a") == f"to {MASK} and {MASK}"
