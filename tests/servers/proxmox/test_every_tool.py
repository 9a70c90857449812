"""Promises over all tools: they work on every supported version, and nothing an argument holds leads astray."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import error
from support.client import StartServer
from support.proxmox_tour import finished_task, furnish, is_read, stops, take
from support.selection import everyday

pytestmark = pytest.mark.anyio

# Not of this server alone: it reads what other answers left behind.
SHARED_TOOLS = {"read_output"}
HOSTILE = [
    "../../../access",
    "x/../../nodes",
    "a%2fb",
    "-x",
    "$(touch /tmp/owned)",
    "a;b",
    "a\nb",
    "a\0b",
    "'\"",
    "x" * 5000,
]


@pytest.fixture(params=everyday("9.1", ["7.4", "8.4", "9.1"]))
def versioned(request: pytest.FixtureRequest) -> Iterator[FakeProxmox]:
    with FakeProxmox(version=request.param) as fake:
        furnish(fake)
        yield fake


async def test_every_tool_makes_only_calls_that_each_supported_version_takes(
    versioned: FakeProxmox, start: StartServer
) -> None:
    tour = stops(finished_task(versioned))
    async with start("proxmox-mcp", env=versioned.environment()) as server:
        for stop in tour:
            result = await take(server, versioned, stop)
            assert not result.is_error, (stop.tool, result.content)
        listed = {tool.name for tool in (await server.client.list_tools()).tools}
    assert {stop.tool for stop in tour} == listed - SHARED_TOOLS
    refused = [request for request in versioned.requests if request.status >= 400]
    # The one call that 7.4 lacks, for which the configuration is the fallback.
    assert {(request.method, request.status) for request in refused} <= {("GET", 501)}
    assert all(request.path.endswith("/interfaces") for request in refused)
    assert versioned.cluster.version == "7.4" or not refused


async def test_the_tour_uses_every_argument_of_every_tool(server: RunningServer) -> None:
    used = {(stop.tool, name) for stop in stops("") for name in stop.arguments}
    of_every_call = {"confirmed", "digest", "timeout", "offset", "limit"}
    for tool in (await server.client.list_tools()).tools:
        missing = {name for name in tool.input_schema["properties"] if (tool.name, name) not in used} - of_every_call
        assert tool.name in SHARED_TOOLS or not missing, tool.name


@pytest.mark.promise("arguments-keep-the-host")
async def test_a_hostile_text_in_any_argument_changes_nothing_and_reaches_no_other_path(
    pve: FakeProxmox, server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(pve)
    tour = stops(finished_task(pve))
    pve.requests.clear()
    before = repr(sorted(pve.cluster.guests.items()))
    for stop in tour:
        for name, value in stop.arguments.items():
            if not isinstance(value, str) or name in HARMLESS:
                continue
            for hostile in HOSTILE:
                await server.call(stop.tool, **stop.arguments | {name: hostile})
    assert repr(sorted(pve.cluster.guests.items())) == before
    assert not [request.path for request in pve.requests if request.status == 501 or ".." in request.path]
    assert "Traceback" not in capsys.readouterr().err


WRONG: list[Any] = [{"a": {}}, ["x"], 10**30, -1, None, "true", "\0"]


async def test_no_wrong_value_of_any_argument_of_any_tool_is_more_than_a_refusal(
    pve: FakeProxmox, server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    good: dict[str, dict[str, Any]] = {}
    for stop in stops("UPID:pve1:00000FA0:00006D60:6B01238E:qmstart:100:root@pam!mcp:"):
        good.setdefault(stop.tool, stop.arguments)
    for tool in (await server.client.list_tools()).tools:
        pve.reset()
        furnish(pve)
        for name in tool.input_schema["properties"]:
            for wrong in WRONG:
                result = await server.call(tool.name, **good.get(tool.name, {}) | {name: wrong})
                assert not result.is_error or error(result)["kind"] != "unexpected", (tool.name, name, wrong)
        refused = {request.line for request in pve.requests if request.status in (400, 501)}
        # That an id is taken is answered by a 400.
        assert refused <= {"GET /cluster/nextid"}, tool.name
    assert "Traceback" not in capsys.readouterr().err


# Arguments whose job is to carry any text: a command, a note, words to look for, keys that the server itself checks.
HARMLESS = {"command", "description", "words", "ssh_public_keys"}


async def test_every_argument_of_every_tool_is_described(server: RunningServer) -> None:
    tools = (await server.client.list_tools()).tools
    arguments = {
        f"{tool.name} {name}": rule for tool in tools for name, rule in tool.input_schema["properties"].items()
    }
    assert len(arguments) > 100
    assert not [name for name, rule in arguments.items() if not rule.get("description")]


async def test_a_read_tool_sends_nothing_but_reads(pve: FakeProxmox, server: RunningServer) -> None:
    furnish(pve)
    tools = (await server.client.list_tools()).tools
    reads = {tool.name for tool in tools if is_read(tool)}
    tour = [stop for stop in stops(finished_task(pve)) if stop.tool in reads]
    pve.requests.clear()
    for stop in tour:
        await take(server, pve, stop)
    assert len(tour) > 20
    assert {request.method for request in pve.requests} == {"GET"}


async def test_no_answer_error_or_log_holds_a_piece_of_the_secret(
    pve: FakeProxmox, server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    furnish(pve)
    told: list[Any] = []
    for stop in stops(finished_task(pve)):
        told.append((await server.call(stop.tool, **stop.arguments)).model_dump_json())
        told.append((await server.call(stop.tool, **stop.arguments, nonsense=1)).model_dump_json())
    secret = pve.token.secret
    pieces = {secret[place : place + 8] for place in range(len(secret) - 8)}
    text = "".join(told) + capsys.readouterr().err
    assert not [piece for piece in pieces if piece in text and not re.fullmatch(r"[0-]+", piece)]
