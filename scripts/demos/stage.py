"""Plays a server for the reader: starts it as a client does, calls its tools, and prints a short transcript."""

import shlex
from collections.abc import AsyncIterator, Mapping
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

    async def call(self, title: str, tool: str, *, ends: Ending = "done", **arguments: Any) -> dict[str, Any]:
        """Call a tool, print what was asked and what came of it, and return the data.

        Raises Unexpected if the call did not end as `ends` says.
        """
        given = " ".join(f"{name}={shlex.quote(str(value))}" for name, value in arguments.items())
        print(f"\n  {title}\n  $ {tool} {given}")
        result = await self._server.call(tool, **arguments)
        ending = _ending(result)
        for line in _lines(result):
            print(f"    {_MARKS[ending]} {line}")
        if ending != ends:
            raise Unexpected(f"{tool} should have ended as {ends}, not {ending}")
        return result.structured_content or {}


@asynccontextmanager
async def perform(
    script: str, *arguments: str, home: Path, env: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """Start a server and introduce it."""
    async with start_server(script, *arguments, home=home, env=env) as server:
        tools = (await server.client.list_tools()).tools
        info = server.client.server_info
        print(f"\n{script} {info.version if info else ''} offers {len(tools)} tools:")
        for tool in tools:
            print(f"  {tool.name:<16} {(tool.description or '').splitlines()[0]}")
        yield Stage(server)


def _ending(result: CallToolResult) -> Ending:
    if result.is_error:
        return "refused"
    return "preview" if "would" in (result.structured_content or {}) else "done"


def _lines(result: CallToolResult) -> list[str]:
    if result.is_error or result.structured_content is None:
        text = "\n".join(block.text for block in result.content if isinstance(block, TextContent))
        return _cut(text)
    told = {name: value for name, value in result.structured_content.items() if value not in (None, "", [], {}, False)}
    return [line for name, value in told.items() for line in _cut(f"{name}: {value}")]


def _cut(text: str) -> list[str]:
    lines = text.rstrip().splitlines()
    more = [f"... {len(lines) - _SHOWN_LINES} more lines"] if len(lines) > _SHOWN_LINES else []
    return lines[:_SHOWN_LINES] + more
