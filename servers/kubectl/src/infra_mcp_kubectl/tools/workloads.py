"""Deployments and their like: scaling and rollouts."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Changed, History, Rollout
from infra_mcp_kubectl.domain import rollouts
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, KindName, Name, Namespace, WorkloadKind
from infra_mcp_kubectl.tools.patches import changed, one
from infra_mcp_kubectl.transport.kubectl import Kubectl

Wait = Annotated[int, Field(ge=0, le=600, description="Seconds to wait for it to be complete; 0 only looks")]


@tool("write", timeout=90)
async def scale(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    replicas: Annotated[int, Field(ge=0, le=10_000, description="How many pods there shall be")],
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Set the number of replicas of a deployment, statefulset or replicaset. Pods follow later: see rollout_status."""
    kubectl = clusters.use(context, seconds=75)
    where = kubectl.namespace(namespace)
    before = await one(kubectl, kind, name, where)
    done = await kubectl.scale(kind, name, where, replicas)
    return await changed(kubectl, kind, name, where, before=before, done=done)


@tool("read", timeout=660)
async def rollout_status(
    clusters: Clusters,
    kind: WorkloadKind,
    name: Name,
    wait_seconds: Wait = 0,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Rollout:
    """Tell how far a rollout is and what holds it up; on request wait for its end."""
    kubectl = clusters.use(context, waiting=wait_seconds)
    where = kubectl.namespace(namespace)
    state = await _state(kubectl, kind, name, where)
    if wait_seconds and not state.complete:
        await kubectl.rollout_wait(kind, name, where, wait_seconds)
        state = await _state(kubectl, kind, name, where)
    return state


async def _state(kubectl: Kubectl, kind: str, name: str, namespace: str) -> Rollout:
    return rollouts.rollout(await one(kubectl, kind, name, namespace), kubectl.context.name)


@tool("read")
async def rollout_history(
    clusters: Clusters, kind: WorkloadKind, name: Name, namespace: Namespace = None, context: ContextName = None
) -> History:
    """List the revisions that rollout_undo can go back to."""
    kubectl = clusters.use(context)
    where = kubectl.namespace(namespace)
    text = await kubectl.rollout_history(kind, name, where)
    rows = [line.split(None, 1) for line in text.splitlines() if line[:1].isdigit()]
    return History(
        context=kubectl.context.name,
        object=f"{kind}/{name}",
        namespace=where,
        columns=["REVISION", "CHANGE-CAUSE"],
        rows=[[row[0], row[1].strip() if len(row) > 1 else ""] for row in rows],
    )


@tool("write", timeout=90)
async def rollout_restart(
    clusters: Clusters, kind: WorkloadKind, name: Name, namespace: Namespace = None, context: ContextName = None
) -> Rollout:
    """Replace all pods of a workload step by step. Answers at once; rollout_status tells how far it is."""
    kubectl = clusters.use(context, seconds=75)
    where = kubectl.namespace(namespace)
    await kubectl.rollout("restart", kind, name, where)
    return await _state(kubectl, kind, name, where)


@tool("write", timeout=90)
async def rollout_undo(
    clusters: Clusters,
    kind: WorkloadKind,
    name: Name,
    to_revision: Annotated[int | None, Field(ge=1, description="Default: the one before the current")] = None,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Changed:
    """Go back to an earlier revision of a workload, and tell which fields changed."""
    kubectl = clusters.use(context, seconds=75)
    where = kubectl.namespace(namespace)
    before = await one(kubectl, kind, name, where)
    flags = [f"--to-revision={to_revision}"] if to_revision else []
    done = await kubectl.rollout("undo", kind, name, where, flags)
    return await changed(kubectl, kind, name, where, before=before, done=done)
