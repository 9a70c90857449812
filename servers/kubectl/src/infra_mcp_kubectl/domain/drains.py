"""What draining a node would do to its pods."""

from dataclasses import dataclass

from infra_mcp_kubectl.domain.objects import KubeObject, annotations_of, owners_of, spec_of, status_of

_STATIC_POD = "kubernetes.io/config.mirror"


@dataclass(frozen=True)
class DrainPlan:
    """Pods as namespace/name. unmanaged: no controller makes them anew; local_data: their emptyDir data is lost."""

    evicted: list[str]
    stay: list[str]
    unmanaged: list[str]
    local_data: list[str]


def plan(node: str, pods: list[KubeObject]) -> DrainPlan:
    """Sort the pods of a node by what a drain does to them."""
    here = [pod for pod in pods if spec_of(pod).get("nodeName") == node]
    go = [pod for pod in here if not _stays(pod)]
    return DrainPlan(
        evicted=[_name(pod) for pod in go],
        stay=[_name(pod) for pod in here if _stays(pod)],
        unmanaged=[_name(pod) for pod in go if not owners_of(pod) and not _has_ended(pod)],
        local_data=[_name(pod) for pod in go if _has_local_data(pod) and not _has_ended(pod)],
    )


def _name(pod: KubeObject) -> str:
    return f"{pod['metadata'].get('namespace')}/{pod['metadata']['name']}"


def _stays(pod: KubeObject) -> bool:
    """Pods of daemonsets, and static pods, which only the node itself can stop."""
    return any(owner.get("kind") == "DaemonSet" for owner in owners_of(pod)) or _STATIC_POD in annotations_of(pod)


def _has_ended(pod: KubeObject) -> bool:
    return status_of(pod).get("phase") in ("Succeeded", "Failed")


def _has_local_data(pod: KubeObject) -> bool:
    return any("emptyDir" in volume for volume in spec_of(pod).get("volumes") or [])
