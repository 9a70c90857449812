"""Nodes: load, and taking them out of service."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.changes import Changed
from infra_mcp_kubectl.answers.nodes import Drained, Usage
from infra_mcp_kubectl.domain import drains
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.safety import previews, protection
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
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads


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
    kubectl = clusters.use(context, namespace, every=all_namespaces and not name)
    if of == "nodes":
        table = await kubectl.top_nodes(name, selector)
    else:
        table = await kubectl.top_pods(name, selector, containers=containers)
    part, where = page(table.heaviest_first(sort_by), offset, limit)
    return Usage(context=kubectl.context.name, columns=table.columns, rows=part, page=where)


@tool("write", timeout=90)
async def cordon(
    clusters: Clusters,
    node: NodeName,
    on: Annotated[bool, Field(description="false lets pods be scheduled there again")] = True,
    context: ContextName = None,
) -> Changed:
    """Keep new pods off a node, or with on: false let them on again. Pods that run there stay."""
    kubectl = clusters.use(context, seconds=75)
    before = await kubectl.one("node", node)
    warnings = await kubectl.cordon(node, on=on)
    return Changed.of(kubectl.context.name, before, await kubectl.one("node", node), warnings)


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
    return previews.of_drain(kubectl.context.name, node, plan, force=force, delete_local_data=delete_local_data)


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
    complaint = await kubectl.drain(node, wait_seconds, delete_local_data=delete_local_data, force=force)
    return Drained.of(kubectl.context.name, node, plan, await _look(kubectl, node), complaint)


async def _plan(kubectl: KubectlReads, node: str) -> drains.DrainPlan:
    """What a drain would do, unless it would reach into a protected namespace."""
    await kubectl.one("node", node)
    plan = await _look(kubectl, node)
    protection.check_drain(kubectl, node, plan)
    return plan


async def _look(kubectl: KubectlReads, node: str) -> drains.DrainPlan:
    pods = await kubectl.everywhere().objects(Query("pods", field_selector=f"spec.nodeName={node}"))
    return drains.plan(node, pods)
