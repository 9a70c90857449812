"""What a model sees of every tool: the same at any time, as it was reviewed, in sound sentences, within a budget."""

import json
import re

import pytest

from contract.worlds.base import Json, World
from manifests import snapshots
from manifests.__main__ import COMMAND
from sandbox.client import Mode, RunningServer
from support.client import StartServer
from support.suite import ROOT, SERVERS

HERE = "tests/contract/test_surface.py"
pytestmark = pytest.mark.anyio

# How much a listing may grow before somebody has to say that it is worth it to every user at every start.
GROWTH = 1.05
LONGEST = 2_000  # a client may cut descriptions and instructions at 2 KB
VERBS = {
    "Add", "Apply", "Ask", "Back", "Change", "Check", "Compare", "Copy", "Cordon",
    "Create", "Delete", "Describe", "Destroy", "Download", "Explain", "Export", "Find", "Gather",
    "Give", "Go", "Grow", "Keep", "Let", "List", "Log", "Look", "Make",
    "Move", "Page", "Pause", "Plan", "Purge", "Read", "Remove", "Replace", "Restore",
    "Run", "Select", "Set", "Show", "Shut", "Start", "Stop", "Switch", "Take",
    "Tell", "Trust", "Turn", "Upload", "Wait", "Write",
}  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "has_credentials", "calls"),
    [("auto", False, 0), ("auto", True, 1), ("legacy", True, 0), ("legacy", False, 1)],
)
async def test_the_listing_is_the_reviewed_one_in_both_eras_with_and_without_credentials_before_and_after_a_call(
    world: World, start: StartServer, mode: Mode, has_credentials: bool, calls: int
) -> None:
    call = next(world.calls({}))
    async with start(world.script, env=world.env if has_credentials else {}, mode=mode) as server:
        listings = [await listing(server)]
        for _ in range(calls):
            await server.call(call.tool, **call.arguments)
            listings.append(await listing(server))
    for seen in listings:
        expected = [tool["listed"] for tool in reviewed(world.name)]
        assert seen == expected, f"{manifest_of(world.name)} is the reviewed listing; if it is to change, run {COMMAND}"


async def listing(server: RunningServer) -> list[Json]:
    """What the server itself says now, not what the client remembers."""
    listed = await server.client.list_tools(cache_mode="bypass")
    return [tool.model_dump(mode="json", by_alias=True, exclude_unset=True) for tool in listed.tools]


def manifest_of(server: str) -> str:
    return f"servers/{server}/src/infra_mcp_{server}/manifest.json"


def manifest(server: str) -> Json:
    read: Json = json.loads((ROOT / manifest_of(server)).read_text("utf-8"))
    return read


def reviewed(server: str) -> list[Json]:
    """The tools as they were when somebody last looked at what the command wrote: its manifest is the snapshot."""
    tools: list[Json] = manifest(server)["tools"]
    return tools


@pytest.mark.parametrize("server", SERVERS)
def test_every_tool_is_named_described_and_typed_by_the_rules(server: str) -> None:
    tools = reviewed(server)
    names = [tool["listed"]["name"] for tool in tools]
    broken = {name: found for name, tool in zip(names, tools, strict=True) if (found := broken_rules(tool))}
    where = f"servers/{server}/src/infra_mcp_{server}/tools"
    assert broken == {}, f"change the tools in {where} (or a rule or VERBS in {HERE}), then run {COMMAND}"
    assert len(set(names)) == len(names)


def broken_rules(tool: Json) -> list[str]:
    listed, kind = tool["listed"], tool["kind"]
    description, schema = listed["description"], listed["inputSchema"]
    sentence, arguments = description.split("\n\n", 1)[0], schema["properties"]
    hints = {"readOnlyHint": kind == "read", "destructiveHint": kind == "destructive" or tool["arbitrary"]}
    rules = {
        "lowercase_with_underscores": re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", listed["name"]),
        "begins with a verb of VERBS": sentence.split(" ", 1)[0] in VERBS,
        "sentences end": sentence.endswith(".") and description.endswith("."),
        "nothing would be cut off": len(description.encode()) <= LONGEST,
        "arguments are an object": schema["type"] == "object",
        "unknown arguments are refused": schema["additionalProperties"] is False,
        "no combinators at the top": not {"anyOf", "oneOf", "allOf", "not", "if", "$ref"} & set(schema),
        "every argument is described": all(part.get("description") for part in arguments.values()),
        "hints are said, and follow the class": listed["annotations"] == hints,
        "confirmed is asked of what destroys": ("confirmed" in arguments) == (kind == "destructive"),
        "a person is asked of what destroys": ("_meta" in listed) == (kind == "destructive"),
        "answers are objects": listed["outputSchema"]["type"] == "object",
    }
    return [rule for rule, kept in rules.items() if not kept]


@pytest.mark.parametrize("server", SERVERS)
def test_the_listing_has_not_grown_by_more_than_a_twentieth_unnoticed(server: str) -> None:
    accepted = json.loads((ROOT / snapshots.SIZES).read_text("utf-8"))[server]
    found = snapshots.size(manifest(server))
    grown = {what: (accepted[what], found[what]) for what in found if found[what] > accepted[what] * GROWTH}
    assert grown == {}, f"shorten the descriptions, or accept the sizes with {COMMAND} --sizes ({snapshots.SIZES})"


@pytest.mark.parametrize("server", SERVERS)
def test_a_client_cuts_nothing_off_the_instructions(server: str) -> None:
    instructions = manifest(server)["eras"]["modern"]["answers"]["server/discover"]["instructions"]
    where = f"shorten in servers/{server}/src/infra_mcp_{server}/server.py, then run {COMMAND}"
    assert 0 < len(instructions.encode()) <= LONGEST, where
