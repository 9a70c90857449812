"""Deployments and their like: scaling and rollouts."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.changes import Changed
from infra_mcp_kubectl.answers.workloads import History, Rollout
from infra_mcp_kubectl.domain.rollouts import rollout
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, KindName, Name, Namespace, WorkloadKind
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads

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
    kubectl = clusters.use(context, namespace, seconds=75)
    before = await kubectl.one(kind, name)
    warnings = await kubectl.scale(kind, name, replicas)
    return Changed.of(kubectl.context.name, before, await kubectl.one(kind, name), warnings)


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
    kubectl = clusters.use(context, namespace, waiting=wait_seconds)
    state = await _state(kubectl, kind, name)
    if wait_seconds and not state.complete:
        await kubectl.rollout_wait(kind, name, wait_seconds)
        state = await _state(kubectl, kind, name)
    return state


async def _state(kubectl: KubectlReads, kind: str, name: str) -> Rollout:
    return Rollout.of(kubectl.context.name, rollout(await kubectl.one(kind, name)))


@tool("read")
async def rollout_history(
    clusters: Clusters, kind: WorkloadKind, name: Name, namespace: Namespace = None, context: ContextName = None
) -> History:
    """List the revisions that rollout_undo can go back to."""
    kubectl = clusters.use(context, namespace)
    revisions = await kubectl.rollout_history(kind, name)
    return History.of(kubectl.context.name, f"{kind}/{name}", kubectl.scope.namespace, revisions)


@tool("write", timeout=90)
async def rollout_restart(
    clusters: Clusters, kind: WorkloadKind, name: Name, namespace: Namespace = None, context: ContextName = None
) -> Rollout:
    """Replace all pods of a workload step by step. Answers at once; rollout_status tells how far it is."""
    kubectl = clusters.use(context, namespace, seconds=75)
    await kubectl.rollout_restart(kind, name)
    return await _state(kubectl, kind, name)


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
    kubectl = clusters.use(context, namespace, seconds=75)
    before = await kubectl.one(kind, name)
    warnings = await kubectl.rollout_undo(kind, name, to_revision)
    return Changed.of(kubectl.context.name, before, await kubectl.one(kind, name), warnings)
