"""Serves the SDK's own client: in this process, or by starting an installed server over stdio as a client does."""

import importlib
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

from infra_mcp_common.server import Server

Mode = Literal["auto", "legacy"]

# The shell writes its process id and becomes the server: the SDK's client does not say which process it started.
_NOTE_PID = 'echo $$ > "$0"; exec "$@"'


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    client: Client

    async def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        return await self.client.call_tool(tool, arguments)


@dataclass(frozen=True)
class ServerProcess(RunningServer):
    """A server that is a process of its own, and what can be seen of it from outside."""

    pid: int
    log: Path

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


def load(script: str) -> Server:
    """The server behind a console script."""
    server: Server = importlib.import_module(f"infra_mcp_{script.removesuffix('-mcp')}.server").SERVER
    return server


@asynccontextmanager
async def in_memory(
    server: str | Server, *arguments: str, home: Path, env: Mapping[str, str] | None = None, mode: Mode = "auto"
) -> AsyncIterator[RunningServer]:
    """Serve in this process, from this home, until the block ends. server: the name of its script, or the server.

    Mode "auto" speaks the newest protocol that the server offers, "legacy" the handshake before it.
    """
    chosen = load(server) if isinstance(server, str) else server
    environment = minimal_environment(home) | dict(env or {})
    async with chosen.in_memory(environment, *arguments, directory=home, mode=mode) as client:
        yield RunningServer(client)


@asynccontextmanager
async def start_server(
    script: str, *arguments: str, home: Path, env: Mapping[str, str] | None = None, mode: Mode = "auto"
) -> AsyncIterator[ServerProcess]:
    """Run `script arguments...` as a process in this home until the block ends."""
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
            yield ServerProcess(client, int(pid.read_text()), log)
