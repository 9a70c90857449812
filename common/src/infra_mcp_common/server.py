"""One server of the suite: its parts, its console script, and how a program embeds it."""

import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NoReturn

import anyio
from mcp import Client
from mcp.server import MCPServer

from infra_mcp_common import command_line, doctor, env_template, health
from infra_mcp_common.checks import Check
from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.io import programs
from infra_mcp_common.launcher.stdio import Stdio
from infra_mcp_common.runtime import Runtime, entered
from infra_mcp_common.sdk_server import SdkServer
from infra_mcp_common.settings import Setting
from infra_mcp_common.tool_calls.declaration import declared_in
from infra_mcp_common.tool_calls.tool import GuardedTool

# A client that ends us sends SIGKILL about half a second after the first signal; we are gone before that.
_STOP_SECONDS = 0.3


@dataclass(frozen=True)
class Server:
    """One server of the suite, composed of its parts.

    name: as in `<name>-mcp`. port: where it listens with --http unless told otherwise. instructions: what a model
    should know before it uses the tools, at most 2 KB. tools: the modules that declare them. checks: the doctor's own
    for this server. health: those that look at the other side. extend: adds resources and prompts.
    """

    name: str
    title: str
    port: int
    instructions: str
    settings: tuple[Setting, ...]
    tools: tuple[ModuleType, ...]
    checks: tuple[Check, ...] = ()
    health: tuple[Check, ...] = ()
    extend: Callable[[MCPServer[Any]], None] | None = None

    @property
    def version(self) -> str:
        return version(f"infra-mcp-{self.name}")

    @asynccontextmanager
    async def in_memory(
        self,
        environment: Mapping[str, str],
        *arguments: str,
        directory: Path | None = None,
        mode: Literal["auto", "legacy"] = "auto",
    ) -> AsyncIterator[Client]:
        """Serve a client in this process: for tests, and for programs that embed the server.

        environment: all that our code reads, in place of the process's own. arguments: as on the command line.
        directory: where relative paths begin. mode: "legacy" speaks the protocol before 2026.
        """
        flags = vars(self._parse(arguments))
        runtime = Runtime(self.name, self.settings, environment, flags=flags, directory=directory)
        try:
            async with Client(self.build(runtime), mode=mode) as client:
                yield client
        finally:
            with anyio.CancelScope(shield=True):
                await runtime.close()

    def main(self, argv: Sequence[str] | None = None, stdio: Stdio | None = None) -> None:
        """Run the console script. stdio: where a client already spoke to the launcher."""
        # What the imports made stays to the end; the launcher keeps the collector away from it while they run.
        gc.freeze()
        gc.enable()
        args = self._parse(sys.argv[1:] if argv is None else argv)
        runtime = Runtime(self.name, self.settings, os.environ, flags=vars(args))
        runtime.secrets.mask_logs()
        with entered(runtime):
            if args.command == "doctor":
                findings = anyio.run(doctor.examine, self.version, runtime, self.checks)
                sys.exit(doctor.report(self.name, findings, as_json=args.json))
            if args.command == "health":
                findings = anyio.run(health.examine, runtime, self.health, args.seconds)
                sys.exit(health.report(self.name, findings, as_json=args.json))
            if args.command == "env-template":
                print(env_template.render(runtime.script, self.settings), end="")
            elif args.list_tools:
                offered = [tool for tool in self.build_tools(runtime) if tool.offered]
                command_line.print_tools((tool.name, tool.kind, tool.description) for tool in offered)
            elif args.http is not None:
                self._listen(runtime, vars(args))
            else:
                anyio.run(_serve, self, runtime, stdio)

    def build_tools(self, runtime: Runtime) -> list[GuardedTool]:
        """All tools, those that the policy hides included."""
        declared = [each for module in self.tools for each in declared_in(module)]
        return [GuardedTool.build(function, declaration, runtime) for function, declaration in declared]

    def build(self, runtime: Runtime) -> SdkServer:
        """The SDK's server with everything this one offers."""
        server = SdkServer.of(
            runtime, self.build_tools(runtime), title=self.title, instructions=self.instructions, version=self.version
        )
        if self.extend:
            self.extend(server)
        server.drop_what_is_not_there()
        return server

    def _parse(self, arguments: Sequence[str]) -> Any:
        return command_line.parse(self.name, self.title, self.version, self.port, arguments)

    def _listen(self, runtime: Runtime, flags: dict[str, Any]) -> None:
        from infra_mcp_common.http_server.serve import serve

        async def listen() -> None:
            await serve(runtime, self.build, flags, version=self.version, port=self.port)

        try:
            anyio.run(listen)
        except NotConfigured as error:
            sys.exit(f"{runtime.script}: {error}")


async def _serve(server: Server, runtime: Runtime, stdio: Stdio | None) -> None:
    if stdio is None and sys.stdin.isatty():
        print(f"{runtime.script} speaks MCP on stdin; a client starts it. See --help.", file=sys.stderr)
    async with anyio.create_task_group() as group:
        group.start_soon(_stop_at_signal, runtime)
        await server.build(runtime).serve(*((stdio.stdin, stdio.stdout) if stdio else ()))
        # What was printed by mistake is flushed at the end, when the SDK has given stdout back.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        group.cancel_scope.cancel()
    await runtime.close()
    _leave(0)


async def _stop_at_signal(runtime: Runtime) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            programs.signal_all(runtime, signal.SIGTERM)
            with anyio.move_on_after(_STOP_SECONDS):
                for scope in list(runtime.calls):
                    scope.cancel()
                while runtime.calls:  # noqa: ASYNC110 -- they end one by one, each by its own cleanup
                    await anyio.sleep(0.01)
                await runtime.close()
            programs.signal_all(runtime, signal.SIGKILL)
            _leave(128 + number)


def _leave(status: int) -> NoReturn:
    """End the process, whatever its threads still wait for: stdin, or an answer that nobody will read any more.

    An ordinary exit would wait with them.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)
