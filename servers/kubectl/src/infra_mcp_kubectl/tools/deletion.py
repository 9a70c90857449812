"""Deleting objects."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Deleted
from infra_mcp_kubectl.domain import deletions as matching
from infra_mcp_kubectl.domain import manifests
from infra_mcp_kubectl.tools.parameters import (
    NAME,
    AllNamespaces,
    Clusters,
    ContextName,
    FieldSelector,
    Namespace,
    Selector,
)
from infra_mcp_kubectl.transport.failures import complaint
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Query

_MOST = 200
_SHOWN = 50

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
    kubectl = clusters.use(context)
    query = _query(kubectl, kind, names, selector, field_selector, namespace, all_namespaces=all_namespaces)
    found = await _found(kubectl, query, manifest, namespace)
    shown = [matching.match(item).model_dump(mode="json") for item in found[:_SHOWN]]
    more = len(found) - len(shown)
    now = {"objects": shown, **({"more": more} if more else {})}
    return Preview(would=f"Delete {len(found)} object(s) in context {kubectl.context.name}.", now=now)


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
    kubectl = clusters.use(context, seconds=75, waiting=wait_seconds)
    query = _query(kubectl, kind, names, selector, field_selector, namespace, all_namespaces=all_namespaces)
    found = await _found(kubectl, query, manifest, namespace)
    where = kubectl.namespace(namespace)
    said = []
    for (of, place), batch in matching.batches(found, where).items():
        done = await kubectl.delete(of, batch, place, [f"--cascade={cascade}"])
        if done.status != 0:
            said.append(complaint(done.stderr))
    left = await matching.wait_for_end(kubectl, found, where, wait_seconds)
    deletions = [matching.verdict(item, left) for item in found]
    return Deleted(context=kubectl.context.name, deletions=deletions, error="\n".join(said)[:2000] or None)


def _query(
    kubectl: Kubectl,
    kind: str | None,
    names: list[str] | None,
    selector: str | None,
    field_selector: str | None,
    namespace: str | None,
    *,
    all_namespaces: bool,
) -> Query | None:
    if kind is None:
        return None
    if kind.lower() == "all" or not (names or selector or field_selector):
        raise InvalidInput("A whole kind is not deleted at once.", "Give names, or a selector that picks some.")
    if names and (selector or field_selector or all_namespaces):
        raise InvalidInput("Names and selectors exclude each other.", "Give one of them.")
    where = None if all_namespaces else kubectl.namespace(namespace)
    return Query(kind, where, tuple(names or ()), selector or "", field_selector or "")


async def _found(
    kubectl: Kubectl, query: Query | None, manifest: str | None, namespace: str | None
) -> list[manifests.Json]:
    """The objects to delete, none of them in a protected namespace."""
    if (query is None) == (manifest is None):
        raise InvalidInput("Exactly one of kind and manifest is needed.", "Name a kind with names or a selector.")
    where = kubectl.namespace(namespace)
    if query is not None:
        if query.namespace is not None:
            kubectl.protection.check_named(query.kind, list(query.names), query.namespace, f"delete of {query.kind}")
        found = await kubectl.objects(query)
    else:
        wanted = manifests.parse(manifest or "")
        for item in wanted:
            kubectl.protection.check_object(item, where, f"delete of {manifests.name_of(item)}")
        found = await kubectl.live(wanted, where)
    for item in found:
        kubectl.protection.check_object(item, where, f"delete of {manifests.name_of(item)}")
    if not found:
        raise NotFound("Nothing matches, so there is nothing to delete.", "List what is there with get.")
    if len(found) > _MOST:
        raise InvalidInput(f"{len(found)} objects match, more than {_MOST}.", "Choose a narrower selector.")
    await _check_custom_objects(kubectl, found)
    return found


async def _check_custom_objects(kubectl: Kubectl, found: list[manifests.Json]) -> None:
    """With a CustomResourceDefinition all its objects go, those in protected namespaces too."""
    for item in found:
        if item.get("kind") == "CustomResourceDefinition":
            for inner in await kubectl.objects(Query(str(item["metadata"]["name"]), None)):
                kubectl.protection.check_object(inner, "", f"delete of {manifests.name_of(item)}")
