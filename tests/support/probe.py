"""A server with one tool for each promise of the common layer; run as a script, it is a server like the six."""

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Annotated, cast

import anyio
from pydantic import Field

from infra_mcp_common import read_output
from infra_mcp_common.checks import Finding, State
from infra_mcp_common.errors import Failed
from infra_mcp_common.io import programs
from infra_mcp_common.results import Output, Result
from infra_mcp_common.runtime import current
from infra_mcp_common.server import Server
from infra_mcp_common.settings import Setting
from infra_mcp_common.tool_calls import call_context
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool

TOKEN = Setting("PROBE_TOKEN", "the token of the probe", "Get one from the tests.", secret=True, aliases=("OLD_TOKEN",))
PEERS = Setting(
    "PROBE_PEERS", "name=token of each peer, by commas", secret=True, parts=lambda value: re.findall("=([^,]+)", value)
)
OTHER_SIDE = Setting("PROBE_OTHER_SIDE", "what the health check finds: a state, wait or change")
SETTINGS = (TOKEN, PEERS, OTHER_SIDE)


class Said(Result):
    text: str
    note: str | None = None


class Ran(Result):
    exit_status: int | None
    stdout: Output


@tool("read")
async def say(text: str, note: str | None = None, times: Annotated[int, Field(ge=1)] = 1) -> Said:
    """Say something."""
    print("a stray print, which must not reach the client's stream")
    return Said(text=text * times, note=note)


@tool("read")
async def reveal() -> Said:
    """Say the token."""
    return Said(text=current().settings.require(TOKEN))


@tool("read")
async def crash(detail: str) -> Said:
    """Fail in a way nobody foresaw."""
    raise ValueError(detail)


@tool("read")
async def fail(said: str) -> Said:
    """Fail in a way that was foreseen."""
    raise Failed("It did not work.", "Try something else.", said=said)


@tool("read", timeout=0.5)
async def dawdle() -> Said:
    """Take longer than allowed."""
    await anyio.sleep(60)
    return Said(text="late")


@tool("read")
async def sneak(path: str) -> Said:
    """Try to change something as a read tool."""
    call_context.require("write", "sneaking")
    Path(path).touch()
    return Said(text="sneaked")


@tool("read")
async def visit(target: str) -> Said:
    """Act on a target."""
    call_context.check_target(target)
    return Said(text=target)


@tool("write")
async def make(path: str) -> Said:
    """Make a file."""
    call_context.require("write", "making a file")
    Path(path).touch()
    return Said(text=path)


async def preview_destroy(path: str) -> Preview:
    return Preview(would=f"Destroy {path}", now={"there": Path(path).exists()})


@tool("destructive", preview=preview_destroy)
async def destroy(path: str) -> Said:
    """Destroy a file."""
    call_context.require("destructive", "destroying")
    Path(path).unlink()
    return Said(text=path)


@tool("write", arbitrary=True)
async def run(script: str, timeout: Annotated[float, Field(gt=0)] = 60) -> Ran:
    """Run a shell script here."""
    finished = await programs.run(["sh", "-c", script], timeout=timeout, on_line=call_context.progress)
    return Ran(exit_status=finished.exit_status, stdout=finished.stdout.output())


async def token() -> AsyncIterator[Finding]:
    yield Finding("token", "ok", f"{len(current().settings.require(TOKEN))} characters")


async def other_side() -> AsyncIterator[Finding]:
    said = current().settings.get(OTHER_SIDE) or "ok"
    yield Finding("first part", "ok", "looked at")
    if said == "wait":
        await anyio.sleep(60)
    if said == "change":
        call_context.require("write", "changing the other side")
    yield Finding("second part", cast(State, said), "as the setting says")


class Probe(Server):
    @property
    def version(self) -> str:
        return "1.2.3"


def server() -> Probe:
    here: ModuleType = sys.modules[__name__]
    return Probe(
        name="probe",
        title="Probe",
        port=3099,
        instructions="For tests.",
        settings=SETTINGS,
        tools=(here, read_output),
        health=(token, other_side),
    )


if __name__ == "__main__":
    server().main()
