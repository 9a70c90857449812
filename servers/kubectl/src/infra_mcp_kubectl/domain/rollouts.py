"""How far a workload's rollout is, read off the object, and the revisions it has had."""

from dataclasses import dataclass

from infra_mcp_kubectl.domain.objects import KubeObject, annotations_of, conditions_of, name_of, spec_of, status_of

_REVISION = "deployment.kubernetes.io/revision"


@dataclass(frozen=True)
class Replicas:
    """How many pods a workload shall have, and has."""

    desired: int
    updated: int
    ready: int
    available: int


@dataclass(frozen=True)
class Rollout:
    """How far a rollout is. why_not: what holds it up; None where it is complete."""

    object: str
    namespace: str
    complete: bool
    replicas: Replicas
    image: list[str]
    revision: str | None
    why_not: str | None


@dataclass(frozen=True)
class Revision:
    number: str
    change_cause: str


def rollout(item: KubeObject) -> Rollout:
    """The rollout of a deployment, statefulset or daemonset."""
    replicas, seen = _replicas(item), _is_observed(item)
    complete = seen and replicas.desired == replicas.updated == replicas.available and not _has_old_pods(item, replicas)
    containers = spec_of(spec_of(item).get("template") or {}).get("containers") or []
    return Rollout(
        object=name_of(item),
        namespace=str(item["metadata"].get("namespace", "")),
        complete=complete,
        replicas=replicas,
        image=[str(container.get("image", "")) for container in containers],
        revision=annotations_of(item).get(_REVISION),
        why_not=None if complete else _why_not(item, replicas, seen=seen),
    )


def revisions(text: str) -> list[Revision]:
    """The rows of `kubectl rollout history`."""
    rows = [line.split(None, 1) for line in text.splitlines() if line[:1].isdigit()]
    return [Revision(row[0], row[1].strip() if len(row) > 1 else "") for row in rows]


def _is_observed(item: KubeObject) -> bool:
    """Whether the controller has seen the last change."""
    return int(status_of(item).get("observedGeneration") or 0) >= int(item["metadata"].get("generation") or 0)


def _has_old_pods(item: KubeObject, replicas: Replicas) -> bool:
    """Whether pods of a deployment are left from before: more replicas than are up to date."""
    return item["kind"] == "Deployment" and int(status_of(item).get("replicas") or 0) > replicas.updated


def _replicas(item: KubeObject) -> Replicas:
    status = status_of(item)
    if item["kind"] == "DaemonSet":
        desired = int(status.get("desiredNumberScheduled") or 0)
        fields = ("updatedNumberScheduled", "numberReady", "numberAvailable")
    else:
        desired = int(spec_of(item).get("replicas", 1))
        fields = ("updatedReplicas", "readyReplicas", "availableReplicas")
    return Replicas(desired, *(int(status.get(field) or 0) for field in fields))


def _why_not(item: KubeObject, replicas: Replicas, *, seen: bool) -> str:
    """What holds a rollout up, as far as the object itself says."""
    if spec_of(item).get("paused"):
        return "It is paused."
    for condition in conditions_of(item):
        stuck = condition.get("type") == "Progressing" and condition.get("status") == "False"
        if stuck or (condition.get("type") == "ReplicaFailure" and condition.get("status") == "True"):
            return f"{condition.get('reason')}: {condition.get('message')}"
    if not seen:
        return "The controller has not seen the last change yet."
    return f"{replicas.updated} of {replicas.desired} are up to date, {replicas.available} available."
