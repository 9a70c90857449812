"""What there is to talk to: contexts, kinds, fields, rights."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.results import page
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Access, ContextInfo, Contexts, Kinds, Text
from infra_mcp_kubectl.domain import tables
from infra_mcp_kubectl.domain.protection import Protection
from infra_mcp_kubectl.settings import PROTECTED
from infra_mcp_kubectl.tools.parameters import NAME, Clusters, ContextName, KindName, Namespace, Offset
from infra_mcp_kubectl.transport.failures import complaint, failure
from infra_mcp_kubectl.transport.kubeconfig import Context


@tool("read")
async def list_contexts(clusters: Clusters) -> Contexts:
    """List the contexts of the kubeconfig, which of them may be used, and the protected namespaces."""
    shown = [_info(clusters, context) for context in clusters.kubeconfig.contexts]
    return Contexts(
        contexts=shown, protected_namespaces=list(Protection.parse(current().settings.get(PROTECTED)).patterns)
    )


def _info(clusters: Clusters, context: Context) -> ContextInfo:
    return ContextInfo(
        name=context.name,
        cluster=context.cluster,
        user=context.user,
        namespace=context.namespace,
        current=context.name == clusters.kubeconfig.current,
        allowed=clusters.allows(context.name),
    )


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
    columns, rows = tables.parse(await kubectl.api_resources())
    wanted = [row for row in rows if (search or "").lower() in " ".join(row).lower()]
    part, where = page(wanted, offset, limit)
    return Kinds(context=kubectl.context.name, columns=columns, rows=part, page=where)


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
    capture = Capture()
    capture.feed((await kubectl.explain(path, recursive=recursive, api_version=api_version)).encode())
    return Text(context=kubectl.context.name, text=capture.output())


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
    kubectl = clusters.use(context)
    done = await kubectl.can_i(verb, kind, kubectl.namespace(namespace), name=name or "", subresource=subresource or "")
    answer = done.text.strip().partition("\n")[0]
    if answer.split(" ")[0] not in ("yes", "no"):
        raise failure("auth can-i", done.stderr)
    said = answer if " " in answer else complaint(done.stderr)
    return Access(context=kubectl.context.name, allowed=answer.startswith("yes"), said=said or None)
