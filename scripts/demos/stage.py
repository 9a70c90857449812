"""Plays a server for the reader: starts it as a client does, calls its tools, and prints a short transcript."""

import json
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from mcp.types import CallToolResult, TextContent

from sandbox.client import RunningServer, start_server

Ending = Literal["done", "preview", "refused"]
_MARKS: dict[Ending, str] = {"done": "->", "preview": "??", "refused": "!!"}
_SHOWN_LINES = 6


class Unexpected(Exception):
    """A step of the demo ended otherwise than it was meant to."""


class Stage:
    def __init__(self, server: RunningServer) -> None:
        self._server = server

    async def list_tools(self) -> None:
        """Print the tools, each with the sentence that a model reads first."""
        for tool in (await self._server.client.list_tools()).tools:
            print(f"  {tool.name:<16} {textwrap.shorten(tool.description or '', 100, placeholder=' ...')}")

    async def call(self, title: str, tool: str, *, ends: Ending = "done", **arguments: Any) -> dict[str, Any]:
        """Call a tool, print what was asked and what came of it, and return the data.

        Raises Unexpected, and says so on stderr, if the call did not end as `ends` says.
        """
        given = ", ".join(f"{name}={json.dumps(value)}" for name, value in arguments.items())
        print(f"\n{title}:\n  {tool}({given})")
        result = await self._server.call(tool, **arguments)
        ending = _ending(result)
        for line in _lines(result):
            print(f"  {_MARKS[ending]} {line}")
        if ending != ends:
            print(f"scripts/demo: {tool} should have ended as {ends}, not {ending}", file=sys.stderr)
            raise Unexpected(tool)
        return result.structured_content or {}


@asynccontextmanager
async def perform(
    script: str, *arguments: str, home: Path, env: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """Start a server and say how."""
    settings = "".join(f"{name}={value} " for name, value in (env or {}).items())
    print(f"\n$ {settings}{' '.join([script, *arguments])}")
    async with start_server(script, *arguments, home=home, env=env) as server:
        yield Stage(server)


def _ending(result: CallToolResult) -> Ending:
    if result.is_error:
        return "refused"
    return "preview" if "would" in (result.structured_content or {}) else "done"


def _lines(result: CallToolResult) -> list[str]:
    """The answer's data, one field a line; of an error, its sentences."""
    if result.is_error or result.structured_content is None:
        text = "\n".join(block.text for block in result.content if isinstance(block, TextContent))
        return textwrap.wrap(text, 110)
    return [line for field in _fields(result.structured_content) for line in _field_lines(*field)]


def _fields(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Names and values that say something, those of inner objects as `outer.inner`."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _fields(value, f"{prefix}{name}.")
        elif value not in (None, "", [], False):
            yield f"{prefix}{name}", value


def _field_lines(name: str, value: Any) -> list[str]:
    """One line, or the name and below it the first few lines of a long text or a list."""
    lines = list(map(str, value)) if isinstance(value, list) else str(value).rstrip().splitlines()
    if len(lines) == 1:
        return [f"{name}: {lines[0]}"]
    more = [f"  ... {len(lines) - _SHOWN_LINES} more"] if len(lines) > _SHOWN_LINES else []
    return [f"{name}:", *(f"  {line}" for line in lines[:_SHOWN_LINES]), *more]
