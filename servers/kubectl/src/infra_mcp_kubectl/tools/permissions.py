"""What a context's user may do."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.permissions import Access
from infra_mcp_kubectl.tools.parameters import NAME, Clusters, ContextName, KindName, Namespace


@tool("read")
async def can_i(
    clusters: Clusters,
    verb: Annotated[str, Field(pattern=r"^[a-z*]{1,30}$", description="As get, list, create, patch, delete")],
    kind: KindName,
    name: Annotated[str | None, Field(pattern=NAME, description="A single object")] = None,
    subresource: Annotated[str | None, Field(pattern=r"^[a-z]{1,30}$", description="As log, exec, scale")] = None,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Access:
    """Ask the cluster whether this context's user may do something. Protected namespaces are refused all the same."""
    kubectl = clusters.use(context, namespace)
    return Access.of(kubectl.context.name, await kubectl.can_i(verb, kind, name, subresource))
