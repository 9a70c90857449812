"""Looking at objects of any kind."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Description, Listing
from infra_mcp_kubectl.domain import tables
from infra_mcp_kubectl.domain.protection import is_cluster_kind
from infra_mcp_kubectl.safety import masking
from infra_mcp_kubectl.tools.parameters import (
    NAME,
    AllNamespaces,
    Clusters,
    ContextName,
    FieldSelector,
    KindName,
    Name,
    Namespace,
    Offset,
    Selector,
)
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Query


@tool("read")
async def get(
    clusters: Clusters,
    kind: KindName,
    names: Annotated[
        list[Annotated[str, Field(pattern=NAME)]] | None, Field(max_length=100, description="Only these objects")
    ] = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    selector: Selector = None,
    field_selector: FieldSelector = None,
    output: Annotated[
        Literal["table", "wide", "full"], Field(description="full: whole objects, without managedFields")
    ] = "table",
    fields: Annotated[
        list[Annotated[str, Field(max_length=200)]] | None,
        Field(max_length=20, description="Only these, as metadata.name, spec.containers[*].image"),
    ] = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="How many at most")] = 50,
    offset: Offset = 0,
    context: ContextName = None,
) -> Listing:
    """List objects of a kind, or show some by name: as a table, by chosen fields, or whole.

    What needs attention (pods that do not run, deployments short of replicas) comes first. Values of Secrets are
    masked.
    """
    kubectl = clusters.use(context)
    if kind.lower() == "all":
        raise InvalidInput(
            "kind: all is several kinds.", "Ask for one kind per call; diagnose looks at a namespace as a whole."
        )
    chosen = None if all_namespaces and not names else kubectl.namespace(namespace)
    query = Query(kind, chosen, tuple(names or ()), selector or "", field_selector or "")
    if fields or output == "full":
        listing = await _objects(kubectl, query, fields, offset, limit)
    else:
        listing = await _table(kubectl, query, offset, limit, wide=output == "wide")
    if not listing.page.total:
        listing.note = await _why_empty(kubectl, query)
    return listing


async def _table(kubectl: Kubectl, query: Query, offset: int, limit: int, *, wide: bool) -> Listing:
    done = await kubectl.table(query, wide=wide)
    columns, rows = tables.parse(done.text)
    rows, problems = tables.problems_first(columns, rows)
    part, where = page(rows, offset, max(1, tables.fitting(rows[offset : offset + limit])))
    return Listing(
        context=kubectl.context.name,
        namespace=_shown(query),
        columns=columns,
        rows=part,
        problems=problems or None,
        page=where,
        warnings=done.warnings or None,
    )


async def _objects(kubectl: Kubectl, query: Query, fields: list[str] | None, offset: int, limit: int) -> Listing:
    found = masking.mask(await kubectl.objects(query))
    listing = Listing(context=kubectl.context.name, namespace=_shown(query), page=page(found, offset, limit)[1])
    wanted = [_row(item, fields) for item in found] if fields else found
    count = tables.fitting(wanted[offset : offset + limit])
    if count == 0 and offset < len(wanted):
        raise InvalidInput("A single object is too big for an answer.", "Ask for chosen fields of it.")
    part, listing.page = page(wanted, offset, max(1, count))
    if fields:
        listing.columns, listing.rows = fields, part
    else:
        listing.items = part
    return listing


def _row(item: tables.Json, fields: list[str]) -> list[object]:
    return [tables.pick(item, field) for field in fields]


def _shown(query: Query) -> str | None:
    return None if is_cluster_kind(query.kind) else query.namespace


async def _why_empty(kubectl: Kubectl, query: Query) -> str:
    """Nothing was found: because there is nothing, or because the namespace itself is not there."""
    if query.namespace is None or is_cluster_kind(query.kind):
        return f"There are no {query.kind} that match."
    found = await kubectl.namespace_exists(query.namespace)
    if found is None:
        return f"There are no {query.kind} that match; whether the namespace {query.namespace} exists can't be seen."
    if not found:
        raise NotFound(
            f"The namespace {query.namespace} does not exist in context {kubectl.context.name}.",
            "get with kind namespaces lists those that do.",
        )
    return f"There are no {query.kind} that match in namespace {query.namespace}."


@tool("read")
async def describe(
    clusters: Clusters, kind: KindName, name: Name, namespace: Namespace = None, context: ContextName = None
) -> Description:
    """Describe one object with its status, conditions and recent events."""
    kubectl = clusters.use(context)
    where = kubectl.namespace(namespace)
    text = (await kubectl.describe(kind, name, where)).text
    if masking.names_secrets(kind):
        # kubectl hides the data, but not what tools copied of it into annotations.
        live = await kubectl.objects(Query(kind, where, (name,)))
        text = masking.without(text, masking.values_of(live))
    capture = Capture()
    capture.feed(text.encode())
    shown = None if is_cluster_kind(kind) else where
    return Description(context=kubectl.context.name, namespace=shown, text=capture.output())
