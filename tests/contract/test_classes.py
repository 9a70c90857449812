"""A tool's class is true: what it may change, it may change, and nothing else."""

from typing import Any

import pytest
from mcp.types import Tool

from contract.worlds.base import Anything, Json, World
from support.answers import data, error, text
from support.client import StartServer

pytestmark = pytest.mark.anyio


@pytest.mark.promise("reads-change-nothing", "preview-before-destruction")
async def test_reads_and_previews_change_nothing_and_every_tool_was_seen(world: World, start: StartServer) -> None:
    answers: dict[str, Json] = {}
    changed: list[str] = []
    async with start(world.script, env=world.env) as server:
        tools = {tool.name: tool for tool in (await server.client.list_tools()).tools}
        for call in world.calls(answers):
            before, arguments = world.state(), dict(call.arguments)
            result = await server.call(call.tool, **arguments)
            quiet = is_gated(tools[call.tool]) or is_read(tools[call.tool])
            if quiet and world.state() != before:
                changed.append(call.tool)
            assert is_gated(tools[call.tool]) == call.confirm, call.tool
            if call.confirm:
                result = await server.call(call.tool, **arguments | data(result)["confirm_with"])
            assert not result.is_error, (call, text(result))
            answers[call.tool] = data(result)
    assert changed == []
    assert answers.keys() == tools.keys(), f"tests/contract/worlds/{world.name}.py has a good call of every tool"


@pytest.mark.promise("operator-can-forbid")
async def test_a_read_only_server_offers_reads_and_refuses_the_rest_by_name(world: World, start: StartServer) -> None:
    await refuses(world, start, "--read-only", is_read)


@pytest.mark.promise("operator-can-forbid")
async def test_a_server_without_destruction_neither_offers_nor_does_any(world: World, start: StartServer) -> None:
    await refuses(world, start, "--no-destructive", lambda tool: not is_destructive(tool))


async def refuses(world: World, start: StartServer, flag: str, allowed: Any) -> None:
    """With this flag the server lists what is allowed, and refuses all else without a look at the other side."""
    async with start(world.script, env=world.env) as server:
        tools = (await server.client.list_tools()).tools
    before = world.state()
    async with start(world.script, flag, env=world.env) as server:
        offered = {tool.name for tool in (await server.client.list_tools()).tools}
        for tool in tools:
            if not allowed(tool):
                refused = await server.call(
                    tool.name, **minimal(tool), **({"confirmed": True} if is_gated(tool) else {})
                )
                assert error(refused)["kind"] == "refused", tool.name
    assert offered == {tool.name for tool in tools if allowed(tool)} < {tool.name for tool in tools}
    assert world.state() == before


@pytest.mark.promise("unreadable-policy-refuses")
async def test_a_policy_that_can_not_be_read_refuses_every_tool(world: World, start: StartServer) -> None:
    before = world.state()
    async with start(world.script, env={**world.env, "INFRA_MCP_READ_ONLY": "perhaps"}) as server:
        for tool in (await server.client.list_tools()).tools:
            assert error(await server.call(tool.name, **minimal(tool)))["kind"] == "not_configured", tool.name
    assert world.state() == before


@pytest.mark.promise("no-argument-widens-policy")
async def test_no_argument_reaches_a_target_that_the_operator_left_out(world: World, start: StartServer) -> None:
    calls = list(world.calls(Anything()))
    before = world.state()
    async with start(world.script, env={**world.env, "INFRA_MCP_TARGETS": "nothing-is-called-this"}) as server:
        tools = {tool.name: tool for tool in (await server.client.list_tools()).tools}
        for call in calls:
            confirmed = {"confirmed": True} if call.confirm else {}
            result = await server.call(call.tool, **call.arguments | confirmed)
            assert is_read(tools[call.tool]) or result.is_error, call.tool
            wider = await server.call(call.tool, **call.arguments | {"targets": ["*"], "read_only": False})
            assert error(wider)["kind"] == "invalid_input", call.tool
    assert world.state() == before


def is_read(tool: Tool) -> bool:
    return bool(tool.annotations and tool.annotations.read_only_hint)


def is_destructive(tool: Tool) -> bool:
    return bool(tool.annotations and tool.annotations.destructive_hint)


def is_gated(tool: Tool) -> bool:
    return "confirmed" in tool.input_schema["properties"]


def minimal(tool: Tool) -> Json:
    """A value of the right type for each argument that has to be given."""
    samples = {"string": "x", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    properties = tool.input_schema["properties"]
    return {name: samples[properties[name].get("type", "string")] for name in tool.input_schema.get("required", [])}
