"""How far a workload's rollout is, read off the object."""

from typing import Any

from infra_mcp_kubectl.answers.objects import Rollout

Json = dict[str, Any]
_REVISION = "deployment.kubernetes.io/revision"


def rollout(item: Json, context: str) -> Rollout:
    """The rollout of a deployment, statefulset or daemonset."""
    status, spec = item.get("status") or {}, item.get("spec") or {}
    counts = _daemonset(status) if item["kind"] == "DaemonSet" else _replicated(spec, status)
    seen = int(status.get("observedGeneration") or 0) >= int(item["metadata"].get("generation") or 0)
    # Replicas that are left from before show as more replicas than are up to date.
    extra = int(status.get("replicas") or 0) - counts["updated"] if item["kind"] == "Deployment" else 0
    complete = seen and counts["desired"] == counts["updated"] == counts["available"] and extra <= 0
    containers = ((spec.get("template") or {}).get("spec") or {}).get("containers") or []
    return Rollout(
        context=context,
        object=f"{item['kind'].lower()}/{item['metadata']['name']}",
        namespace=str(item["metadata"].get("namespace", "")),
        complete=complete,
        **counts,
        image=[str(container.get("image", "")) for container in containers],
        revision=(item["metadata"].get("annotations") or {}).get(_REVISION),
        why_not=None if complete else why_not(item, seen=seen, counts=counts),
    )


def _replicated(spec: Json, status: Json) -> dict[str, int]:
    updated = status.get("updatedReplicas")
    return {
        "desired": int(spec.get("replicas", 1)),
        "updated": int(updated or 0),
        "ready": int(status.get("readyReplicas") or 0),
        "available": int(status.get("availableReplicas") or 0),
    }


def _daemonset(status: Json) -> dict[str, int]:
    names = {
        "desired": "desiredNumberScheduled",
        "updated": "updatedNumberScheduled",
        "ready": "numberReady",
        "available": "numberAvailable",
    }
    return {name: int(status.get(field) or 0) for name, field in names.items()}


def why_not(item: Json, *, seen: bool, counts: dict[str, int]) -> str:
    """What holds a rollout up, as far as the object itself says."""
    if (item.get("spec") or {}).get("paused"):
        return "It is paused."
    for condition in (item.get("status") or {}).get("conditions") or []:
        stuck = condition.get("type") == "Progressing" and condition.get("status") == "False"
        if stuck or (condition.get("type") == "ReplicaFailure" and condition.get("status") == "True"):
            return f"{condition.get('reason')}: {condition.get('message')}"
    if not seen:
        return "The controller has not seen the last change yet."
    return f"{counts['updated']} of {counts['desired']} are up to date, {counts['available']} available."
