"""Contexts of the kubeconfig."""

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.contexts import ContextInfo, Contexts
from infra_mcp_kubectl.tools.parameters import Clusters


@tool("read")
async def list_contexts(clusters: Clusters) -> Contexts:
    """List the contexts of the kubeconfig, which of them may be used, and the protected namespaces."""
    config = clusters.kubeconfig
    shown = [
        ContextInfo.of(context, current=context.name == config.current, allowed=clusters.allows(context.name))
        for context in config.contexts
    ]
    return Contexts(contexts=shown, protected_namespaces=list(clusters.protection.patterns))
