"""Starts an installed server as a client does, over stdio, and calls its tools through the SDK's own client."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

Mode = Literal["auto", "legacy"]

# The shell writes its process id and becomes the server: the SDK's client does not say which process it started.
_NOTE_PID = 'echo $$ > "$0"; exec "$@"'


@dataclass(frozen=True)
class RunningServer:
    """A server that answers, and what can be seen of it from outside."""

    client: Client
    pid: int
    log: Path

    async def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        return await self.client.call_tool(tool, arguments)

    @property
    def stderr(self) -> str:
        return self.log.read_text("utf-8", "replace")


def console_script(name: str) -> Path:
    """Find a server's command beside the Python that runs this."""
    return Path(sys.executable).with_name(name)


def minimal_environment(home: Path) -> dict[str, str]:
    """What a desktop client gives a server: a search path and a home, and nothing of the person who runs this."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
    }


@asynccontextmanager
async def start_server(
    script: str, *arguments: str, home: Path, env: Mapping[str, str] | None = None, mode: Mode = "auto"
) -> AsyncIterator[RunningServer]:
    """Run `script arguments...` in this home until the block ends.

    Mode "auto" speaks the newest protocol that the server offers, "legacy" the handshake before it.
    """
    notes = Path(tempfile.mkdtemp(prefix=f"{script}-", dir=home.parent))
    log, pid = notes / "stderr", notes / "pid"
    parameters = StdioServerParameters(
        command="/bin/sh",
        args=["-c", _NOTE_PID, str(pid), str(console_script(script)), *arguments],
        env=minimal_environment(home) | dict(env or {}),
        cwd=home,
    )
    with log.open("w", encoding="utf-8") as errors:
        transport = stdio_client(parameters, errlog=errors)
        async with Client(transport, mode=mode, read_timeout_seconds=60) as client:
            yield RunningServer(client, int(pid.read_text()), log)
