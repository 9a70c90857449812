"""The SDK's server as this suite uses it: inside a runtime, and listing only what the operator offers."""

from typing import Any

import anyio
from mcp.server import MCPServer
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp_types import Tool as ListedTool

from infra_mcp_common.runtime import Runtime, entered
from infra_mcp_common.tool_calls.tool import GuardedTool

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


class SdkServer(MCPServer[Any]):
    """The SDK's server, every request of which runs in one runtime."""

    @classmethod
    def of(
        cls, runtime: Runtime, tools: list[GuardedTool], *, title: str, instructions: str, version: str
    ) -> "SdkServer":
        async def in_runtime(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
            with entered(runtime):
                return await call_next(ctx)

        return cls(
            name=runtime.script,
            title=title,
            instructions=instructions,
            version=version,
            tools=list(tools),
            log_level="WARNING",
            subscriptions=False,
            cache_hints=dict.fromkeys(_LISTINGS, _LASTING),
            middleware=[in_runtime],
        )

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
