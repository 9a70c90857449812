"""Changing fields of single objects."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.changes import Changed
from infra_mcp_kubectl.domain.manifests import parse_patch
from infra_mcp_kubectl.domain.secrets import is_secret, leaves
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, KindName, Name, Namespace


@tool("write", timeout=90)
async def patch(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    patch: Annotated[str, Field(min_length=2, max_length=1_000_000, description="JSON")],
    style: Annotated[
        Literal["strategic", "merge", "json"], Field(description="strategic does not work on custom kinds; merge does")
    ] = "strategic",
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Change fields of one object by a patch, and tell which fields changed."""
    contents = parse_patch(patch)
    kubectl = clusters.use(context, namespace, seconds=75)
    before = await kubectl.one(kind, name)
    hidden = leaves(contents) if is_secret(before) else set()
    warnings = await kubectl.patch(kind, name, style, patch, hidden=hidden)
    return Changed.of(kubectl.context.name, before, await kubectl.one(kind, name), warnings)
