"""Kinds that a cluster has, and what their fields mean."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.api_resources import Kinds, Text
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, Offset
from infra_mcp_kubectl.transport.long_texts import cut


@tool("read")
async def api_resources(
    clusters: Clusters,
    search: Annotated[str | None, Field(max_length=100, description="Only kinds whose line contains this")] = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="How many at most")] = 100,
    offset: Offset = 0,
    context: ContextName = None,
) -> Kinds:
    """List the kinds a cluster has, custom ones included, with short names and verbs."""
    kubectl = clusters.use(context)
    table = (await kubectl.api_resources()).containing(search or "")
    part, where = page(table.rows, offset, limit)
    return Kinds(context=kubectl.context.name, columns=table.columns, rows=part, page=where)


@tool("read")
async def explain(
    clusters: Clusters,
    path: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z][A-Za-z0-9.-]{0,200}$", description="A kind or one of its fields, as pod.spec.containers"
        ),
    ],
    recursive: Annotated[bool, Field(description="Show the fields of the fields, without descriptions")] = False,
    api_version: Annotated[
        str | None, Field(pattern=r"^[a-z0-9][a-z0-9./-]{0,200}$", description="As apps/v1; default: the preferred one")
    ] = None,
    context: ContextName = None,
) -> Text:
    """Explain a kind or a field of it: its type, meaning and inner fields, from the cluster's own schema."""
    kubectl = clusters.use(context)
    text = await kubectl.explain(path, recursive=recursive, api_version=api_version)
    return Text(context=kubectl.context.name, text=cut(text))
