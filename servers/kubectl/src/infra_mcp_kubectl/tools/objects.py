"""Looking at objects of any kind."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Description, Listing
from infra_mcp_kubectl.domain.kinds import is_cluster_kind
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.domain.secrets import names_secrets, values_of, without
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
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads
from infra_mcp_kubectl.transport.long_texts import cut


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
    kubectl = clusters.use(context, namespace, every=all_namespaces and not names)
    if kind.lower() == "all":
        raise InvalidInput(
            "kind: all is several kinds.", "Ask for one kind per call; diagnose looks at a namespace as a whole."
        )
    query = Query(kind, tuple(names or ()), selector or "", field_selector or "")
    name, shown = kubectl.context.name, _namespace_of(kubectl, kind)
    if fields or output == "full":
        objects = masking.mask(await kubectl.objects(query))
        listing = Listing.of_objects(name, shown, objects, fields, offset, limit)
    else:
        table = await kubectl.table(query, wide=output == "wide")
        listing = Listing.of_table(name, shown, table, offset, limit)
    if not listing.page.total:
        listing.note = await _why_empty(kubectl, kind)
    return listing


def _namespace_of(kubectl: KubectlReads, kind: str) -> str | None:
    """The one namespace that objects of the kind were looked for in."""
    return None if is_cluster_kind(kind) else kubectl.scope.only


async def _why_empty(kubectl: KubectlReads, kind: str) -> str:
    """Nothing was found: because there is nothing, or because the namespace itself is not there."""
    namespace = _namespace_of(kubectl, kind)
    if namespace is None:
        return f"There are no {kind} that match."
    found = await kubectl.namespace_exists(namespace)
    if found is None:
        return f"There are no {kind} that match; whether the namespace {namespace} exists can't be seen."
    if not found:
        raise NotFound(
            f"The namespace {namespace} does not exist in context {kubectl.context.name}.",
            "get with kind namespaces lists those that do.",
        )
    return f"There are no {kind} that match in namespace {namespace}."


@tool("read")
async def describe(
    clusters: Clusters, kind: KindName, name: Name, namespace: Namespace = None, context: ContextName = None
) -> Description:
    """Describe one object with its status, conditions and recent events."""
    kubectl = clusters.use(context, namespace)
    text = await kubectl.describe(kind, name)
    if names_secrets(kind):
        # kubectl hides the data, but not what tools copied of it into annotations.
        text = without(text, values_of(await kubectl.objects(Query(kind, (name,)))))
    return Description(context=kubectl.context.name, namespace=_namespace_of(kubectl, kind), text=cut(text))
