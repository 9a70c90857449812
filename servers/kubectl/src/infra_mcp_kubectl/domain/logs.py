"""Which containers' logs to read, and what of them to show."""

from typing import Any

from infra_mcp_kubectl.answers.objects import LogPart
from infra_mcp_kubectl.transport.failures import complaint
from infra_mcp_kubectl.transport.runner import Done

Json = dict[str, Any]
ROOM = 40_000
_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"


def containers(pod: Json, wanted: str | None, *, every: bool) -> list[tuple[str, str]]:
    """The containers of a pod to read, as (pod, container)."""
    name, spec = str(pod["metadata"]["name"]), pod.get("spec") or {}
    names = [str(c["name"]) for c in spec.get("containers") or []]
    started = [str(c["name"]) for c in spec.get("initContainers") or []]
    if wanted:
        return [(name, wanted)] if wanted in [*names, *started] else []
    if every:
        return [(name, container) for container in [*names, *started]]
    main = (pod["metadata"].get("annotations") or {}).get(_DEFAULT_CONTAINER)
    return [(name, main if main in names else names[0])] if names else []


def selector_of(owner: Json) -> str:
    """The label selector of a workload or service."""
    selector = (owner.get("spec") or {}).get("selector") or {}
    labels = selector.get("matchLabels", selector if owner.get("kind") == "Service" else {})
    terms = [f"{key}={value}" for key, value in labels.items()]
    for expression in selector.get("matchExpressions") or []:
        values = ",".join(expression.get("values") or [])
        word = {"In": f" in ({values})", "NotIn": f" notin ({values})"}.get(expression["operator"], "")
        terms.append(f"{'!' if expression['operator'] == 'DoesNotExist' else ''}{expression['key']}{word}")
    return ",".join(terms)


def troubled_first(pods: list[Json]) -> list[Json]:
    """Pods that are not ready first."""
    return sorted(pods, key=is_ready)


def is_ready(pod: Json) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or []
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in conditions)


def part(pod: str, container: str, done: Done, grep: str | None, room: int) -> LogPart:
    """What one kubectl read: matching lines, and of those as many from the end as there is room for."""
    if done.status != 0:
        return LogPart(pod=pod, container=container, text="", lines=0, read=0, error=complaint(done.stderr)[:500])
    read = done.text.splitlines()
    lines = [line for line in read if grep.lower() in line.lower()] if grep else read
    shown: list[str] = []
    for line in reversed(lines):
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    if lines and not shown:
        shown = [lines[-1][-500:]]
    return LogPart(pod=pod, container=container, text="\n".join(reversed(shown)), lines=len(shown), read=len(read))
