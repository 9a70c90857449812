"""Resources and the prompt: the same tools by other doors, so policy, audit and masking hold for them, too."""

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from mcp_types import CallToolResult, TextContent


def extend(server: MCPServer[Any]) -> None:
    """Add k8s://namespaces, k8s://nodes and the prompt debug-pod."""

    async def listed(kind: str) -> str:
        result = await server.call_tool("get", {"kind": kind, "limit": 500})
        text = (
            "".join(block.text for block in result.content if isinstance(block, TextContent))
            if (isinstance(result, CallToolResult))
            else ""
        )
        if not isinstance(result, CallToolResult) or result.is_error:
            raise ResourceError(text or "The cluster could not be read.")
        return text

    @server.resource("k8s://namespaces", name="namespaces", mime_type="application/json")
    async def namespaces() -> str:
        """The namespaces of the current context."""
        return await listed("namespaces")

    @server.resource("k8s://nodes", name="nodes", mime_type="application/json")
    async def nodes() -> str:
        """The nodes of the current context with their state."""
        return await listed("nodes")

    @server.prompt(name="debug-pod", description="Find out why a pod is not well")
    def debug_pod(pod: str, namespace: str = "default") -> str:
        return (
            f"Why is the pod {pod} in namespace {namespace} not well? Begin with the tool diagnose (kind: pod), which "
            "shows states, events, exit codes and the end of the previous log. Where that leaves doubts, look at logs, "
            "events and the owner's rollout. Name the most likely cause with its evidence and the smallest mending. "
            "Change nothing before that is agreed."
        )
