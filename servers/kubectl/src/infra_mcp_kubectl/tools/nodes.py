"""Nodes: load, and taking them out of service."""

from typing import Annotated, Any, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Changed, Drained, Usage
from infra_mcp_kubectl.domain import drains as draining
from infra_mcp_kubectl.domain import tables
from infra_mcp_kubectl.tools.parameters import (
    NAME,
    AllNamespaces,
    Clusters,
    ContextName,
    Namespace,
    NodeName,
    Offset,
    Selector,
)
from infra_mcp_kubectl.tools.patches import changed, one
from infra_mcp_kubectl.transport.failures import complaint
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Query


@tool("read")
async def top(
    clusters: Clusters,
    of: Annotated[Literal["pods", "nodes"], Field(description="Whose load")] = "pods",
    name: Annotated[str | None, Field(pattern=NAME, description="Only this one")] = None,
    containers: Annotated[bool, Field(description="With pods: per container")] = False,
    sort_by: Annotated[Literal["cpu", "memory"], Field(description="What the heaviest use most of")] = "cpu",
    selector: Selector = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    limit: Annotated[int, Field(ge=1, le=1000, description="How many at most")] = 30,
    offset: Offset = 0,
    context: ContextName = None,
) -> Usage:
    """Show how much CPU and memory pods or nodes use now, the heaviest first. Needs metrics-server in the cluster."""
    kubectl = clusters.use(context)
    where = None if all_namespaces and not name else kubectl.namespace(namespace)
    query = Query(of, where, (name,) if name else (), selector or "")
    columns, rows = tables.parse(await kubectl.top(query, containers=containers and of == "pods"))
    part, place = page(tables.heaviest(columns, rows, sort_by), offset, limit)
    return Usage(context=kubectl.context.name, columns=columns, rows=part, page=place)


@tool("write", timeout=90)
async def cordon(
    clusters: Clusters,
    node: NodeName,
    on: Annotated[bool, Field(description="false lets pods be scheduled there again")] = True,
    context: ContextName = None,
) -> Changed:
    """Keep new pods off a node, or with on: false let them on again. Pods that run there stay."""
    kubectl = clusters.use(context, seconds=75)
    before = await one(kubectl, "node", node, kubectl.namespace(None))
    done = await kubectl.cordon(node, on=on)
    return await changed(kubectl, "node", node, kubectl.namespace(None), before=before, done=done)


async def preview_drain(
    clusters: Clusters,
    node: NodeName,
    delete_local_data: bool = False,
    force: bool = False,
    context: ContextName = None,
) -> Preview:
    """The pods that would be evicted."""
    kubectl = clusters.use(context)
    plan = await _plan(kubectl, node)
    now = {
        "evicted": plan.evicted,
        "stay": plan.stay,
        "need_force": plan.unmanaged if not force else [],
        "need_delete_local_data": plan.local_data if not delete_local_data else [],
    }
    would = f"Cordon {node} in context {kubectl.context.name} and evict {len(plan.evicted)} pod(s)."
    return Preview(would=would, now={name: value for name, value in now.items() if value})


@tool("destructive", timeout=660, preview=preview_drain)
async def drain(
    clusters: Clusters,
    node: NodeName,
    delete_local_data: Annotated[
        bool, Field(description="Also evict pods whose emptyDir data is lost by that")
    ] = False,
    force: Annotated[bool, Field(description="Also delete pods that nothing makes anew")] = False,
    wait_seconds: Annotated[int, Field(ge=1, le=600, description="Seconds to wait for the pods to go")] = 120,
    context: ContextName = None,
) -> Drained:
    """Cordon a node and evict its pods, heeding disruption budgets; pods of daemonsets stay.

    Refused where a pod of a protected namespace would have to go.
    """
    kubectl = clusters.use(context, waiting=wait_seconds)
    plan = await _plan(kubectl, node)
    flags = ["--ignore-daemonsets", f"--timeout={wait_seconds}s"]
    flags += ["--delete-emptydir-data"] if delete_local_data else []
    done = await kubectl.drain(node, [*flags, "--force"] if force else flags)
    left = draining.plan(node, await _pods_on(kubectl, node)).evicted
    return Drained(
        context=kubectl.context.name,
        node=node,
        evicted=[pod for pod in plan.evicted if pod not in left],
        kept=left or None,
        error=complaint(done.stderr)[:2000] if done.status != 0 else None,
    )


async def _plan(kubectl: Kubectl, node: str) -> draining.Plan:
    await one(kubectl, "node", node, kubectl.namespace(None))
    plan = draining.plan(node, await _pods_on(kubectl, node))
    for pod in plan.evicted:
        kubectl.protection.check(pod.partition("/")[0], f"drain of {node}, which would evict {pod},")
    return plan


async def _pods_on(kubectl: Kubectl, node: str) -> list[dict[str, Any]]:
    return await kubectl.objects(Query("pods", None, field_selector=f"spec.nodeName={node}"))
