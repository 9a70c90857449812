"""Events."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.events import Events
from infra_mcp_kubectl.domain.events import group, involved_object, since
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.tools.parameters import AllNamespaces, Clusters, ContextName, Namespace, Offset


@tool("read")
async def events(
    clusters: Clusters,
    object: Annotated[  # noqa: A002 -- the API's own word for it
        str | None,
        Field(pattern=r"^[a-zA-Z]+/[A-Za-z0-9][A-Za-z0-9._:-]*$", description="Only of this one, as pod/web-1"),
    ] = None,
    type: Annotated[Literal["Warning", "Normal"] | None, Field(description="Default: both")] = None,  # noqa: A002
    since_minutes: Annotated[int | None, Field(ge=1, le=10_000, description="Only those seen this recently")] = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    limit: Annotated[int, Field(ge=1, le=500, description="How many at most")] = 40,
    offset: Offset = 0,
    context: ContextName = None,
) -> Events:
    """List events, equal ones grouped with their count; warnings first, then the newest."""
    kubectl = clusters.use(context, namespace, every=all_namespaces)
    found = since(await kubectl.objects(Query("events", field_selector=f"type={type}" if type else "")), since_minutes)
    if object:
        found = [event for event in found if involved_object(event) == object.lower()]
    return Events.of(kubectl.context.name, kubectl.scope.only, group(found), offset, limit)
