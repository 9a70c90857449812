"""What draining a node would do to its pods."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """Pods as namespace/name. unmanaged: nothing makes them anew; local_data: their emptyDir data would be lost."""

    evicted: list[str]
    stay: list[str]
    unmanaged: list[str]
    local_data: list[str]


def plan(node: str, pods: list[Json]) -> Plan:
    """Sort the pods of a node by what a drain does to them."""
    here = [pod for pod in pods if (pod.get("spec") or {}).get("nodeName") == node]
    stay = [pod for pod in here if _stays(pod)]
    go = [pod for pod in here if not _stays(pod)]
    return Plan(
        evicted=[_name(pod) for pod in go],
        stay=[_name(pod) for pod in stay],
        unmanaged=[_name(pod) for pod in go if not _owners(pod) and not _has_ended(pod)],
        local_data=[_name(pod) for pod in go if _has_local_data(pod) and not _has_ended(pod)],
    )


def _name(pod: Json) -> str:
    return f"{pod['metadata'].get('namespace')}/{pod['metadata']['name']}"


def _owners(pod: Json) -> list[str]:
    return [str(owner.get("kind")) for owner in pod["metadata"].get("ownerReferences") or []]


def _stays(pod: Json) -> bool:
    """Pods of daemonsets, and static pods, which only the node itself can stop."""
    return "DaemonSet" in _owners(pod) or "kubernetes.io/config.mirror" in (pod["metadata"].get("annotations") or {})


def _has_ended(pod: Json) -> bool:
    return (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")


def _has_local_data(pod: Json) -> bool:
    return any("emptyDir" in volume for volume in (pod.get("spec") or {}).get("volumes") or [])
