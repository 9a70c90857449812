"""Hostile arguments stay arguments: never an option, a shell, a path outside the roots, or a crash."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mcp.types import CallToolResult, Tool

from contract.worlds.all import WORLDS, opened
from contract.worlds.base import Anything, Json, World, tree
from sandbox.client import RunningServer, in_memory
from support.answers import error, text

OPTION = "--canary-option=1"
INSIDE = "nobody outside may read this"
# What a tool hands to a shell or a file system on the other side, as it is meant to.
FREE = {"command", "args", "stdin", "env", "cwd"}
FREE_OF = {"ssh": FREE | {"path", "content"}}
# Where each call starts a program that takes a second.
SLOW = {"ansible"}


@contextmanager
def serving(world: World) -> Iterator[tuple[BlockingPortal, RunningServer]]:
    start = partial(in_memory, world.script, home=world.home, env=world.env | world.recorded())
    with start_blocking_portal("asyncio") as portal, portal.wrap_async_context_manager(portal.call(start)) as server:
        yield portal, server


@pytest.mark.promise("arguments-reach-no-shell", "arguments-become-no-option", "paths-lie-inside-the-folders")
@pytest.mark.parametrize("name", sorted(WORLDS))
def test_a_hostile_value_is_an_argument_or_an_error(name: str, home: Path) -> None:
    outside = home.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text(INSIDE)
    with opened(name, home) as world:
        good = {call.tool: json.loads(json.dumps(call.arguments)) for call in world.calls(Anything())}
        before = tree(outside)
        with serving(world) as (portal, server):
            tools, free = portal.call(server.client.list_tools).tools, FREE_OF.get(name, FREE)

            def meets(tool: str, arguments: Json, *, known: bool) -> None:
                judge(portal.call(partial(server.client.call_tool, tool, arguments)), known=known)

            for tool, argument in arguments_of(tools, free):
                for hostile in evil(outside)[: 2 if name in SLOW else None]:
                    value = shaped(tool.input_schema["properties"][argument], hostile)
                    meets(tool.name, good.get(tool.name, {}) | {argument: value}, known=True)

            @settings(
                max_examples=15 if name in SLOW else 200,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(odd_calls(tools, good, free))
            def meets_odd_ones(call: tuple[str, Json, bool]) -> None:
                meets(call[0], call[1], known=call[2])

            meets_odd_ones()
            assert len(portal.call(server.client.list_tools).tools) == len(tools)
        assert tree(outside) == before
        assert [line for line in world.command_lines() if OPTION in line] == []


def judge(result: CallToolResult, *, known: bool) -> None:
    kind = error(result)["kind"] if result.is_error and result.structured_content is None else None
    assert kind != "unexpected", text(result)
    assert known or kind == "invalid_input", text(result)
    assert INSIDE not in text(result)
    assert "Traceback" not in text(result)


def evil(outside: Path) -> list[str]:
    """What would leave its place if it could, the plainest first."""
    return [
        OPTION,
        f"{outside}/new",
        f"$(touch {outside}/owned)",
        f"{outside}/file",
        "../outside/file",
        f"; touch {outside}/owned;",
        f"x\ntouch {outside}/owned",
        "a\0b",
        f"{{{{ lookup('pipe', 'touch {outside}/owned') }}}}",
    ]


def shaped(schema: Json, text: str) -> Any:
    """A hostile text in the shape that an argument takes."""
    kinds = {part.get("type") for part in [schema, *schema.get("anyOf", [])]}
    if "array" in kinds:
        return [text]
    return {text: text} if "object" in kinds else text


def odd_calls(tools: list[Tool], good: dict[str, Json], free: set[str]) -> st.SearchStrategy[Any]:
    """(tool, arguments, whether all of them exist): a good call with one odd argument, or one that is unknown."""
    odd = ["-x", "--", "'\"", "a\nb", "%2e%2e/", "{{ 1/0 }}", "${x}", "x" * 1_000_000, ""]
    wrong = [None, True, -1, 10**30, 0.5, [], ["x"], {}, {"a": {"b": 1}}]
    texts = st.sampled_from(odd) | st.text(max_size=40)
    value = texts | texts.map(lambda text: [text]) | texts.map(lambda text: {text: text}) | st.sampled_from(wrong)
    unknown = [(tool, "canary_extra") for tool in tools[::10]]
    return st.tuples(st.sampled_from([*arguments_of(tools, free), *unknown]), value).map(
        lambda drawn: (
            drawn[0][0].name,
            {**good.get(drawn[0][0].name, {}), drawn[0][1]: drawn[1]},
            drawn[0][1] != "canary_extra",
        )
    )


def arguments_of(tools: list[Tool], free: set[str]) -> list[tuple[Tool, str]]:
    return [(tool, name) for tool in tools for name in tool.input_schema["properties"] if name not in free]
