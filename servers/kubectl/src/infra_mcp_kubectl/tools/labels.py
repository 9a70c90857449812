"""Labels and annotations of single objects."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.changes import Changed
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, KindName, Name, Namespace

_KEY = r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"

Values = Annotated[
    dict[Annotated[str, Field(pattern=_KEY)], str | None],
    Field(min_length=1, max_length=50, description="null removes a key"),
]
Overwrite = Annotated[bool, Field(description="Also change keys that have another value now")]


@tool("write", timeout=90)
async def label(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    labels: Values,
    overwrite: Overwrite = False,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Set or remove labels of one object. Selectors go by labels, so this can move traffic."""
    kubectl = clusters.use(context, namespace, seconds=75)
    before = await kubectl.one(kind, name)
    warnings = await kubectl.label(kind, name, labels, overwrite=overwrite)
    return Changed.of(kubectl.context.name, before, await kubectl.one(kind, name), warnings)


@tool("write", timeout=90)
async def annotate(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    annotations: Values,
    overwrite: Overwrite = False,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Set or remove annotations of one object."""
    kubectl = clusters.use(context, namespace, seconds=75)
    before = await kubectl.one(kind, name)
    warnings = await kubectl.annotate(kind, name, annotations, overwrite=overwrite)
    return Changed.of(kubectl.context.name, before, await kubectl.one(kind, name), warnings)
