"""Fields of an object by paths such as spec.containers[*].image or metadata.labels['app.kubernetes.io/name']."""

import re

from infra_mcp_common.errors import InvalidInput
from infra_mcp_kubectl.domain.objects import KubeObject

_STEP = re.compile(r"\.?(?P<name>[A-Za-z0-9_/-]+)|\[(?P<index>-?\d+)\]|\[(?P<all>\*)\]|\['(?P<quoted>[^']+)'\]")


def pick(item: KubeObject, path: str) -> object:
    """The value at a path, None where there is none; a list of them where the path has a `[*]`."""
    values: list[object] = [item]
    many = False
    for step in _steps(path):
        if step == "*":
            many = True
            values = [entry for value in values for entry in _entries(value)]
        else:
            values = [found for value in values if (found := _step(value, step)) is not None]
    return values if many else (values[0] if values else None)


def _entries(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return list(value.values()) if isinstance(value, dict) else []


def _step(value: object, step: str | int) -> object:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    position = 1 if path.startswith(".") else 0
    while position < len(path):
        found = _STEP.match(path, position)
        if not found:
            raise InvalidInput(
                f"fields: {path!r} is no path.",
                "Write them as status.phase, spec.containers[*].image or metadata.labels['a/b'].",
            )
        steps.append(int(found["index"]) if found["index"] else found["name"] or found["quoted"] or "*")
        position = found.end()
    return steps
