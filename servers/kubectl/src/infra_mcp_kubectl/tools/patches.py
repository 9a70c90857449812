"""Changing single objects: patch, label, annotate."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Changed
from infra_mcp_kubectl.domain import manifests
from infra_mcp_kubectl.domain.changes import differences
from infra_mcp_kubectl.domain.manifests import Json, name_of
from infra_mcp_kubectl.safety import masking
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, KindName, Name, Namespace
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Done, Query

_KEY = r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$"

Set = Annotated[
    dict[Annotated[str, Field(pattern=_KEY)], str | None],
    Field(min_length=1, max_length=50, description="null removes a key"),
]
Overwrite = Annotated[bool, Field(description="Also change keys that have another value now")]


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
    contents = manifests.parse_patch(patch)
    kubectl = clusters.use(context, seconds=75)
    where = kubectl.namespace(namespace)
    before = await one(kubectl, kind, name, where)
    hidden = masking.leaves(contents) if masking.is_secret(before) else set()
    done = await kubectl.patch(kind, name, where, style, patch, hidden=hidden)
    return await changed(kubectl, kind, name, where, before=before, done=done)


@tool("write", timeout=90)
async def label(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    labels: Set,
    overwrite: Overwrite = False,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Set or remove labels of one object. Selectors go by labels, so this can move traffic."""
    return await _mark(
        clusters.use(context, seconds=75), "label", Query(kind, namespace, (name,)), labels, overwrite=overwrite
    )


@tool("write", timeout=90)
async def annotate(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    annotations: Set,
    overwrite: Overwrite = False,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Set or remove annotations of one object."""
    kubectl = clusters.use(context, seconds=75)
    return await _mark(kubectl, "annotate", Query(kind, namespace, (name,)), annotations, overwrite=overwrite)


async def _mark(
    kubectl: Kubectl, verb: str, query: Query, wanted: dict[str, str | None], *, overwrite: bool
) -> Changed:
    where, name = kubectl.namespace(query.namespace), query.names[0]
    before = await one(kubectl, query.kind, name, where)
    pairs = [f"{key}-" if value is None else f"{key}={value}" for key, value in wanted.items()]
    done = await kubectl.mark(verb, Query(query.kind, where, query.names), pairs, overwrite=overwrite)
    return await changed(kubectl, query.kind, name, where, before=before, done=done)


async def one(kubectl: Kubectl, kind: str, name: str, namespace: str) -> Json:
    """The object as it is. Raises NotFound where there is none."""
    found = await kubectl.objects(Query(kind, namespace, (name,)), missing_ok=True)
    if not found:
        raise NotFound(f"There is no {kind}/{name} in namespace {namespace}.", f"List them with get, kind: {kind}.")
    return found[0]


async def changed(kubectl: Kubectl, kind: str, name: str, namespace: str, *, before: Json, done: Done) -> Changed:
    """The object's changes, from a look at it afterwards."""
    after = await one(kubectl, kind, name, namespace)
    return Changed(
        context=kubectl.context.name,
        object=name_of(after),
        namespace=after["metadata"].get("namespace"),
        changes=differences(before, after),
        warnings=done.warnings or None,
    )
