"""Why a pod is not well: read off its state and its events."""

from infra_mcp_kubectl.domain.causes import Cause, messages, unique
from infra_mcp_kubectl.domain.container_causes import container_cause
from infra_mcp_kubectl.domain.events import EventSeries
from infra_mcp_kubectl.domain.objects import KubeObject, conditions_of, status_of


def pod_causes(pod: KubeObject, events: list[EventSeries]) -> list[Cause]:
    """What is not well with a pod; an empty list for a healthy one."""
    status = status_of(pod)
    name = f"pod/{pod['metadata']['name']}"
    warnings = [event for event in events if event.object == name and event.type == "Warning"]
    if status.get("phase") == "Succeeded":
        return []
    if pod["metadata"].get("deletionTimestamp"):
        return [_terminating(pod, name)]
    whole = _unscheduled(pod, name, warnings) or _failed(status, name)
    if whole:
        return [whole]
    statuses = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    causes = [cause for state in statuses if (cause := container_cause(name, state, warnings))]
    return causes or _pending(status, name, warnings)


def _terminating(pod: KubeObject, name: str) -> Cause:
    finalizers = pod["metadata"].get("finalizers") or []
    step = (
        "Whatever sets the finalizers must finish first." if finalizers else "Its node may be gone; look at the node."
    )
    return Cause(name, "It is being deleted and has not gone yet.", says=finalizers or None, next_step=step)


def _unscheduled(pod: KubeObject, name: str, warnings: list[EventSeries]) -> Cause | None:
    for condition in conditions_of(pod):
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            says = unique([str(condition.get("message", "")), *messages(warnings, "FailedScheduling")])
            step = "Compare its requests, selectors and tolerations with the nodes (get nodes, top nodes)."
            return Cause(name, "No node can take it.", says=says, next_step=step)
    return None


def _failed(status: KubeObject, name: str) -> Cause | None:
    """A pod that is over as a whole, before or after its containers ran."""
    message = str(status.get("message", ""))
    if status.get("reason") == "Evicted":
        step = "Give it requests that match its use, or free the node; the pod itself can be deleted."
        return Cause(name, "Its node evicted it.", says=[message], next_step=step)
    if status.get("phase") == "Failed" and not status.get("containerStatuses"):
        return Cause(
            name, "It failed before its containers ran.", says=unique([str(status.get("reason", "")), message])
        )
    return None


def _pending(status: KubeObject, name: str, warnings: list[EventSeries]) -> list[Cause]:
    """A pod that waits without a container to blame: volumes, networks, sandboxes."""
    if status.get("phase") != "Pending":
        return []
    says = unique([f"{event.reason}: {event.message}" for event in warnings])
    cause = "It can't start yet: something it needs is not there." if says else "It is starting."
    return [Cause(name, cause, says=says or None, next_step="Look at the volumes and objects it names.")]
