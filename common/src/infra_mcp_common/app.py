"""`main()` of every server: flags, doctor, and serving over stdio until the client goes or a signal comes."""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Any

import anyio
from mcp.server import MCPServer
from mcp.server.caching import CacheHint
from mcp_types import Tool as ListedTool

from infra_mcp_common import command, doctor, env_template, policy, process
from infra_mcp_common.audit import Audit
from infra_mcp_common.credentials import Settings
from infra_mcp_common.tools import Guard, GuardedTool, declared_in

# A client that ends us sends SIGKILL about half a second after the first signal; we are gone before that.
_STOP_SECONDS = 0.3
_LASTING = CacheHint(ttl_ms=3_600_000)


class _Suite(MCPServer[Any]):
    """The SDK's server, which lists only what the operator offers."""

    async def list_tools(self) -> list[ListedTool]:
        offered = {tool.name for tool in self._tool_manager.list_tools() if not _hidden(tool)}
        return [tool for tool in await super().list_tools() if tool.name in offered]


def _hidden(tool: object) -> bool:
    return isinstance(tool, GuardedTool) and not tool.offered


@dataclass(frozen=True)
class Server:
    """One server of the suite, composed of its parts.

    name: as in `<name>-mcp`. instructions: what a model should know before it uses the tools, at most 2 KB.
    tools: the modules that declare them. checks: the doctor's own for this server. close: lets go of connections.
    extend: adds resources and prompts.
    """

    name: str
    title: str
    instructions: str
    settings: Settings
    tools: tuple[ModuleType, ...]
    checks: tuple[doctor.Check, ...] = ()
    close: Callable[[], Awaitable[None]] | None = None
    extend: Callable[[MCPServer[Any]], None] | None = None

    @property
    def version(self) -> str:
        return version(f"infra-mcp-{self.name}")

    def main(self, argv: list[str] | None = None) -> None:
        """Run the console script."""
        process.server = self.name
        args = _parser(self).parse_args(argv)
        chosen = policy.load(
            self.settings,
            read_only=args.read_only,
            no_destructive=args.no_destructive,
            tools=args.tools,
            exclude_tools=args.exclude_tools,
        )
        guard = Guard(self.settings, chosen, Audit(self.name))
        if args.command == "doctor":
            findings = anyio.run(doctor.examine, self.version, self.settings, chosen, self.checks)
            sys.exit(doctor.report(self.name, findings, as_json=args.json))
        if args.command == "env-template":
            print(env_template.render(self.settings), end="")
            return
        if args.list_tools:
            _print_tools(self.build_tools(guard))
            return
        gc.freeze()
        anyio.run(_serve, self, guard)

    def build_tools(self, guard: Guard) -> list[GuardedTool]:
        """All tools, those that the policy hides included."""
        return [GuardedTool.build(fn, declared, guard) for module in self.tools for fn, declared in declared_in(module)]

    def build_server(self, guard: Guard) -> MCPServer[Any]:
        """The SDK's server with everything this one offers."""
        server = _Suite(
            name=f"{self.name}-mcp",
            title=self.title,
            instructions=self.instructions,
            version=self.version,
            tools=list(self.build_tools(guard)),
            log_level="WARNING",
            subscriptions=False,
            cache_hints={"tools/list": _LASTING, "server/discover": _LASTING},
        )
        if self.extend:
            self.extend(server)
        return server


def _parser(server: Server) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{server.name}-mcp",
        description=f"{server.title}: an MCP server on stdin and stdout.",
        epilog=f"Register it with Claude Code: claude mcp add {server.name} -- $(command -v {server.name}-mcp)",
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["doctor", "env-template"],
        help="doctor: check settings, reachability and rights; its exit status is 0 when all is well, 1 when something "
        "fails, 3 when a setting is needed. env-template: print an env file to fill in",
    )
    parser.add_argument("--json", action="store_true", help="with doctor: print the report as JSON")
    parser.add_argument("--read-only", action="store_true", help="offer only tools that change nothing")
    parser.add_argument("--no-destructive", action="store_true", help="drop tools that can destroy or run anything")
    parser.add_argument("--tools", default="", metavar="A,B", help="offer only these; patterns allowed")
    parser.add_argument("--exclude-tools", default="", metavar="A,B", help="drop these; patterns allowed")
    parser.add_argument("--list-tools", action="store_true", help="print the tools with their safety class and end")
    parser.add_argument("--version", action="version", version=f"{server.name}-mcp {server.version}")
    return parser


def _print_tools(tools: list[GuardedTool]) -> None:
    shown = [tool for tool in tools if tool.offered]
    width = max((len(tool.name) for tool in shown), default=0)
    for tool in shown:
        print(f"{tool.name:<{width}}  {tool.kind:<11}  {tool.description.splitlines()[0]}")


async def _serve(server: Server, guard: Guard) -> None:
    if sys.stdin.isatty():
        print(f"{server.name}-mcp speaks MCP on stdin; a client starts it. See --help.", file=sys.stderr)
    async with anyio.create_task_group() as group:
        group.start_soon(_stop_at_signal, server, guard)
        await server.build_server(guard).run_stdio_async()
        # What was printed by mistake is flushed at the end, when the SDK has given stdout back.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        group.cancel_scope.cancel()
    if server.close:
        await server.close()


async def _stop_at_signal(server: Server, guard: Guard) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            command.signal_all(signal.SIGTERM)
            with anyio.move_on_after(_STOP_SECONDS):
                for scope in list(guard.running):
                    scope.cancel()
                while guard.running:  # noqa: ASYNC110 -- they end one by one, each by its own cleanup
                    await anyio.sleep(0.01)
                if server.close:
                    await server.close()
            command.signal_all(signal.SIGKILL)
            sys.stderr.flush()
            # The SDK's reader thread waits for stdin and would keep an ordinary exit waiting with it.
            os._exit(128 + number)
