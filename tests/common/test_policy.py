"""What the operator forbids stays forbidden, whatever a call or a flag says, and an unreadable rule forbids all."""

from pathlib import Path

import pytest

from sandbox.client import RunningServer
from support.answers import data, error
from support.suite import StartProbe

pytestmark = pytest.mark.anyio

READS = ["say", "reveal", "crash", "fail", "dawdle", "sneak", "visit", "read_output"]


async def names(server: RunningServer) -> list[str]:
    return [tool.name for tool in (await server.client.list_tools()).tools]


@pytest.mark.parametrize(
    ("flags", "env", "offered"),
    [
        (["--read-only"], {}, READS),
        ([], {"INFRA_MCP_READ_ONLY": "true"}, READS),
        (["--tools", "say,make"], {"INFRA_MCP_READ_ONLY": "yes"}, ["say"]),
        (["--no-destructive"], {}, [*READS[:-1], "make", "read_output"]),
        (["--tools", "s*,run", "--exclude-tools", "sneak"], {}, ["say", "run"]),
        (["--tools", "*"], {"INFRA_MCP_TOOLS": "say"}, ["say"]),
        ([], {"INFRA_MCP_TOOLS": "*", "INFRA_MCP_EXCLUDE_TOOLS": "[a-z]*"}, []),
    ],
)
@pytest.mark.promise("operator-can-forbid", "no-argument-widens-policy")
async def test_only_what_is_allowed_is_offered_and_the_rest_refused(
    start_probe: StartProbe, tmp_path: Path, flags: list[str], env: dict[str, str], offered: list[str]
) -> None:
    async with start_probe(*flags, env=env) as server:
        assert await names(server) == offered
        for name in {"make", "destroy"} - set(offered):
            kind = error(await server.call(name, path=str(tmp_path / "file"), confirmed=True))["kind"]
            assert kind == "refused"
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    "env",
    [
        {"INFRA_MCP_READ_ONLY": "perhaps"},
        {"INFRA_MCP_GATE": "nothing"},
        {"INFRA_MCP_ASK": "never"},
        {"INFRA_MCP_TARGETS_FILE": "/nowhere"},
    ],
)
@pytest.mark.promise("unreadable-policy-refuses")
async def test_a_policy_that_cannot_be_read_refuses_every_call(start_probe: StartProbe, env: dict[str, str]) -> None:
    async with start_probe(env=env) as server:
        assert error(await server.call("say", text="x"))["kind"] == "not_configured"


@pytest.mark.promise("unreadable-policy-refuses")
async def test_a_policy_that_others_can_read_refuses_every_call(start_probe: StartProbe, env_file: Path) -> None:
    env_file.write_text("INFRA_MCP_EXCLUDE_TOOLS=make\n")
    env_file.chmod(0o644)
    async with start_probe() as server:
        assert error(await server.call("say", text="x"))["kind"] == "not_configured"


@pytest.mark.promise("operator-can-forbid")
async def test_targets_outside_the_operators_lists_are_refused(start_probe: StartProbe) -> None:
    env = {"INFRA_MCP_TARGETS": "web-*, DB", "INFRA_MCP_EXCLUDE_TARGETS": "web-9"}
    async with start_probe(env=env) as server:
        for target in ("web-1", "WEB-2", "db"):
            assert data(await server.call("visit", target=target))["text"] == target
        for target in ("web-9", "mail", "xweb-1"):
            assert error(await server.call("visit", target=target))["kind"] == "refused"
