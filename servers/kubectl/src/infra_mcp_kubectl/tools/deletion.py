"""Deleting objects."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.deletions import Deleted
from infra_mcp_kubectl.domain import manifests
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.safety import previews, protection
from infra_mcp_kubectl.tools.parameters import (
    NAME,
    AllNamespaces,
    Clusters,
    ContextName,
    FieldSelector,
    Namespace,
    Selector,
)
from infra_mcp_kubectl.transport import deletion
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads

_MOST = 200

Kind = Annotated[str | None, Field(pattern=r"^[A-Za-z][A-Za-z0-9.-]{0,200}$", description="One kind, as pods")]
Names = Annotated[
    list[Annotated[str, Field(pattern=NAME)]] | None, Field(max_length=_MOST, description="These objects")
]
Manifest = Annotated[
    str | None, Field(max_length=manifests.LARGEST, description="Instead of a kind: the objects of this manifest")
]
Wait = Annotated[float, Field(ge=0, le=120, description="Seconds to wait for them to be gone")]


async def preview_delete(
    clusters: Clusters,
    kind: Kind = None,
    names: Names = None,
    selector: Selector = None,
    field_selector: FieldSelector = None,
    manifest: Manifest = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    context: ContextName = None,
) -> Preview:
    """The objects that match."""
    kubectl = clusters.use(context, namespace, every=all_namespaces)
    query = _query(kind, names, selector, field_selector, all_namespaces=all_namespaces)
    return previews.of_delete(kubectl.context.name, await _objects(kubectl, query, manifest))


@tool("destructive", timeout=240, preview=preview_delete)
async def delete(
    clusters: Clusters,
    kind: Kind = None,
    names: Names = None,
    selector: Selector = None,
    field_selector: FieldSelector = None,
    manifest: Manifest = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    cascade: Annotated[
        Literal["background", "foreground", "orphan"], Field(description="What becomes of objects these ones own")
    ] = "background",
    wait_seconds: Wait = 30,
    context: ContextName = None,
) -> Deleted:
    """Delete objects by name, by selector or by manifest; the preview lists what matches, with owners and finalizers.

    An object with finalizers goes later, or never: it is told as asked, not as deleted.
    """
    kubectl = clusters.use(context, namespace, every=all_namespaces, seconds=75, waiting=wait_seconds)
    query = _query(kind, names, selector, field_selector, all_namespaces=all_namespaces)
    objects = await _objects(kubectl, query, manifest)
    complaints = await deletion.delete(kubectl, objects, cascade)
    deletions = await deletion.wait_until_gone(kubectl, objects, wait_seconds)
    return Deleted.of(kubectl.context.name, deletions, complaints)


def _query(
    kind: str | None,
    names: list[str] | None,
    selector: str | None,
    field_selector: str | None,
    *,
    all_namespaces: bool,
) -> Query | None:
    if kind is None:
        return None
    if kind.lower() == "all" or not (names or selector or field_selector):
        raise InvalidInput("A whole kind is not deleted at once.", "Give names, or a selector that picks some.")
    if names and (selector or field_selector or all_namespaces):
        raise InvalidInput("Names and selectors exclude each other.", "Give one of them.")
    return Query(kind, tuple(names or ()), selector or "", field_selector or "")


async def _objects(kubectl: KubectlReads, query: Query | None, manifest: str | None) -> list[KubeObject]:
    """The objects to delete, none of them in a protected namespace."""
    if query is not None and manifest is None:
        protection.check_delete_query(kubectl, query)
        found = await kubectl.objects(query)
    elif manifest is not None and query is None:
        wanted = manifests.parse(manifest)
        protection.check_delete(kubectl, wanted)
        found = await kubectl.live(wanted)
    else:
        raise InvalidInput("Exactly one of kind and manifest is needed.", "Name a kind with names or a selector.")
    protection.check_delete(kubectl, found)
    if not found:
        raise NotFound("Nothing matches, so there is nothing to delete.", "List what is there with get.")
    if len(found) > _MOST:
        raise InvalidInput(f"{len(found)} objects match, more than {_MOST}.", "Choose a narrower selector.")
    await protection.check_delete_of_definitions(kubectl, found)
    return found
