"""`main()` of every server: flags, doctor, and serving over stdio until the client goes or a signal comes."""

import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Any, NoReturn

import anyio
from mcp.server import MCPServer
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.stdio import stdio_server
from mcp_types import Tool as ListedTool

from infra_mcp_common import command, doctor, env_template, flags, policy, process
from infra_mcp_common.audit import Audit
from infra_mcp_common.credentials import Settings
from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.redact import mask_logs
from infra_mcp_common.tools import Guard, GuardedTool, declared_in
from infra_mcp_common.wire import Wire

# A client that ends us sends SIGKILL about half a second after the first signal; we are gone before that.
_STOP_SECONDS = 0.3
# A client may keep these answers for an hour, because they never change within a process.
_LASTING = CacheHint(ttl_ms=3_600_000)
_LISTINGS: tuple[CacheableMethod, ...] = (
    "server/discover",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
)
_PROMPTS = ("prompts/list", "prompts/get")
_RESOURCES = ("resources/list", "resources/templates/list", "resources/read")


class Suite(MCPServer[Any]):
    """The SDK's server, which lists only what the operator offers."""

    async def list_tools(self) -> list[ListedTool]:
        offered = {tool.name for tool in self._tool_manager.list_tools() if not _hidden(tool)}
        return [tool for tool in await super().list_tools() if tool.name in offered]

    def drop_what_is_not_there(self) -> None:
        """Serve, and so advertise, prompts and resources only where there are any: clients ask for what they see."""
        prompts = self._prompt_manager.list_prompts()
        resources = [*self._resource_manager.list_resources(), *self._resource_manager.list_templates()]
        absent = [*([] if prompts else _PROMPTS), *([] if resources else _RESOURCES)]
        for method in absent:
            del self._lowlevel_server._request_handlers[method]  # noqa: SLF001 -- the SDK has no other way

    async def serve(self, stdin: Any = None, stdout: Any = None) -> None:
        """Serve one client, on these text files instead of the process's own where they are given, until it goes."""
        streams = [file and anyio.wrap_file(file) for file in (stdin, stdout)]
        async with stdio_server(*streams) as (read, write):
            options = self._lowlevel_server.create_initialization_options()
            await self._lowlevel_server.run(read, write, options)


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

    def main(self, argv: list[str] | None = None, wire: Wire | None = None) -> None:
        """Run the console script. wire: stdin and stdout, where a client already spoke to the front."""
        mask_logs()
        # What the imports made stays to the end; the front keeps the collector away from it while they run.
        gc.freeze()
        gc.enable()
        process.server = self.name
        args = flags.parse(self.name, self.title, self.version, sys.argv[1:] if argv is None else argv)
        chosen = policy.load(self.settings, vars(args))
        guard = Guard(self.settings, chosen, Audit(self.name))
        if args.command == "doctor":
            findings = anyio.run(doctor.examine, self.version, self.settings, chosen, self.checks)
            sys.exit(doctor.report(self.name, findings, as_json=args.json))
        if args.command == "env-template":
            print(env_template.render(self.settings), end="")
            return
        if args.list_tools:
            flags.print_tools((t.name, t.kind, t.description) for t in self.build_tools(guard) if t.offered)
            return
        if args.http is not None:
            self._listen(guard, vars(args))
            return
        anyio.run(_serve, self, guard, wire)

    def _listen(self, guard: Guard, flags: dict[str, Any]) -> None:
        from infra_mcp_common.listen import serve

        try:
            anyio.run(serve.serve, self.name, self.version, self.build_server, guard, flags, self.close)
        except NotConfigured as error:
            sys.exit(f"{process.script()}: {error}")

    def build_tools(self, guard: Guard) -> list[GuardedTool]:
        """All tools, those that the policy hides included."""
        return [GuardedTool.build(fn, declared, guard) for module in self.tools for fn, declared in declared_in(module)]

    def build_server(self, guard: Guard) -> Suite:
        """The SDK's server with everything this one offers."""
        server = Suite(
            name=f"{self.name}-mcp",
            title=self.title,
            instructions=self.instructions,
            version=self.version,
            tools=list(self.build_tools(guard)),
            log_level="WARNING",
            subscriptions=False,
            cache_hints=dict.fromkeys(_LISTINGS, _LASTING),
        )
        if self.extend:
            self.extend(server)
        server.drop_what_is_not_there()
        return server


async def _serve(server: Server, guard: Guard, wire: Wire | None) -> None:
    if wire is None and sys.stdin.isatty():
        print(f"{server.name}-mcp speaks MCP on stdin; a client starts it. See --help.", file=sys.stderr)
    async with anyio.create_task_group() as group:
        group.start_soon(_stop_at_signal, server, guard)
        await server.build_server(guard).serve(*((wire.stdin, wire.stdout) if wire else ()))
        # What was printed by mistake is flushed at the end, when the SDK has given stdout back.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        group.cancel_scope.cancel()
    if server.close:
        await server.close()
    _leave(0)


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
            _leave(128 + number)


def _leave(status: int) -> NoReturn:
    """End the process, whatever its threads still wait for: stdin, or an answer that nobody will read any more.

    An ordinary exit would wait with them.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)
