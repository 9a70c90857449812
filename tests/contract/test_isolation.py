"""Two servers of one kind in one process, for two teams: neither sees anything of the other's, nor of the process's."""

import os
from pathlib import Path

import anyio
import pytest

from contract.worlds.all import WORLDS, opened
from contract.worlds.base import World
from infra_mcp_common.text.redaction import MASK
from sandbox.client import RunningServer, in_memory, load
from support.answers import text

pytestmark = pytest.mark.anyio
POISON = "canary-of-the-process"
# What Terraform marks as sensitive is masked in answers about that directory, not everywhere.
LEARNT_BY_DIRECTORY = {"terraform"}


@pytest.mark.parametrize("name", sorted(WORLDS))
async def test_two_servers_of_one_kind_share_nothing_in_calls_at_once(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [tmp_path / "first/home", tmp_path / "second/home"]
    for home in homes:
        home.mkdir(mode=0o700, parents=True)
    with (
        opened(name, homes[0], "canary-5ecret-0f-the-f1rst-team-0123456789abcdef") as ours,
        ours.faulty() as faults,
        opened(name, homes[1], "canary-5ecret-0f-the-0ther-team-0123456789abcdef") as theirs,
    ):
        programs = {"PATH": os.environ["PATH"]}
        limited = theirs.env | programs | {"INFRA_MCP_READ_ONLY": "true"}
        poison(name, monkeypatch)
        async with (
            in_memory(ours.script, home=ours.home, env=ours.env | programs) as first,
            in_memory(theirs.script, home=theirs.home, env=limited) as second,
        ):
            await all_well(ours, first, second)
            if name not in LEARNT_BY_DIRECTORY:
                assert await told(first, *ours.secrets, *theirs.secrets) == [MASK, *theirs.secrets]
                assert await told(second, *ours.secrets, *theirs.secrets) == [*ours.secrets, MASK]
            assert len(await offered(first)) > len(await offered(second)) > 0
            # One that the probe meets, where there is one: what breaks on one side is well on the other.
            breaks = min((fault for fault in faults if not fault.settings), key=lambda fault: fault.call is not None)
            met = breaks.call or ours.probe
            breaks.begin()
            assert (await first.call(met.tool, **met.arguments)).is_error
            assert not (await second.call(theirs.probe.tool, **theirs.probe.arguments)).is_error


def poison(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the environment of the process from here on reads something wrong."""
    for setting in load(name).settings:
        for each in (setting.name, f"{setting.name}_FILE", *setting.aliases):
            monkeypatch.setenv(each, POISON)
    for each in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "CLAUDE_PROJECT_DIR", "INFRA_MCP_EXCLUDE_TOOLS", "PATH"):
        monkeypatch.setenv(each, "*" if each == "INFRA_MCP_EXCLUDE_TOOLS" else f"/{POISON}")
    assert os.environ["HOME"] == f"/{POISON}"


async def all_well(world: World, *servers: RunningServer) -> None:
    """Ask them all at once, several times."""
    failed: list[str] = []

    async def ask(server: RunningServer) -> None:
        result = await server.call(world.probe.tool, **world.probe.arguments)
        if result.is_error:
            failed.append(text(result))

    async with anyio.create_task_group() as group:
        for _ in range(5):
            for server in servers:
                group.start_soon(ask, server)
    assert failed == []


async def told(server: RunningServer, *secrets: str) -> list[str]:
    """What a server makes of each secret where it tells of an argument that it does not know."""
    tool = (await server.client.list_tools()).tools[0].name
    said = [text(await server.call(tool, **{secret: True})) for secret in secrets]
    return [
        MASK if MASK in each else secret if secret in each else each for secret, each in zip(secrets, said, strict=True)
    ]


async def offered(server: RunningServer) -> list[str]:
    return [tool.name for tool in (await server.client.list_tools()).tools]
