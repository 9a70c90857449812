"""Which containers' logs to read, and what of them to show."""

from dataclasses import dataclass, field

from infra_mcp_kubectl.domain.objects import KubeObject, annotations_of, conditions_of, spec_of

_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_CUT = 500


@dataclass(frozen=True)
class Container:
    """A container of a pod."""

    pod: str
    name: str

    def __str__(self) -> str:
        return f"{self.pod}/{self.name}"


@dataclass(frozen=True)
class LogOptions:
    """tail: lines from the end. since: as 15m. previous: of the run before the last restart."""

    tail: int
    since: str | None = None
    previous: bool = False


@dataclass(frozen=True)
class ContainerLog:
    """What was read of a container's log. error: why there is none."""

    container: Container
    lines: list[str] = field(default_factory=list)
    error: str | None = None

    def excerpt(self, grep: str | None, room: int) -> list[str]:
        """The matching lines, and of those as many from the end as there is room for, in characters."""
        lines = [line for line in self.lines if grep.lower() in line.lower()] if grep else self.lines
        shown: list[str] = []
        for line in reversed(lines):
            room -= len(line) + 1
            if room < 0:
                break
            shown.append(line)
        if lines and not shown:
            shown = [lines[-1][-_CUT:]]
        return shown[::-1]


def containers(pod: KubeObject, wanted: str | None, *, every: bool) -> list[Container]:
    """The containers of a pod whose logs a call means."""
    spec = spec_of(pod)
    names = [str(c["name"]) for c in spec.get("containers") or []]
    all_names = [*names, *(str(c["name"]) for c in spec.get("initContainers") or [])]
    if wanted:
        chosen = [wanted] if wanted in all_names else []
    elif every:
        chosen = all_names
    else:
        main = annotations_of(pod).get(_DEFAULT_CONTAINER)
        chosen = [main] if main in names else names[:1]
    return [Container(str(pod["metadata"]["name"]), name) for name in chosen]


def selector_of(owner: KubeObject) -> str:
    """The label selector of a workload or service."""
    selector = spec_of(owner).get("selector") or {}
    # A service's selector is labels alone.
    labels = selector if owner.get("kind") == "Service" else selector.get("matchLabels") or {}
    terms = [f"{key}={value}" for key, value in labels.items()]
    for expression in selector.get("matchExpressions") or []:
        values = ",".join(expression.get("values") or [])
        word = {"In": f" in ({values})", "NotIn": f" notin ({values})"}.get(expression["operator"], "")
        terms.append(f"{'!' if expression['operator'] == 'DoesNotExist' else ''}{expression['key']}{word}")
    return ",".join(terms)


def unready_first(pods: list[KubeObject]) -> list[KubeObject]:
    """Pods that are not ready first."""
    return sorted(pods, key=is_ready)


def is_ready(pod: KubeObject) -> bool:
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in conditions_of(pod))
