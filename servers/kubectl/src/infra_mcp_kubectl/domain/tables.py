"""kubectl's tables taken apart, and the rows that need attention brought to the front."""

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from infra_mcp_common.errors import InvalidInput

Json = dict[str, Any]
ROOM = 60_000
_WELL = {"Running", "Completed", "Succeeded", "Ready", "Active", "Bound", "Complete", "Available", "Healthy", "Normal"}


def parse(text: str) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of one table. Columns are aligned under their titles, three spaces or more apart."""
    lines = text.rstrip("\n").splitlines()
    if not lines:
        return [], []
    starts = [found.start() for found in re.finditer(r"(?:(?<=^)|(?<=\s\s))\S", lines[0])]
    ends = [*starts[1:], None]
    rows = [[line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for line in lines]
    return rows[0], rows[1:]


def is_problem(columns: list[str], row: list[str]) -> bool:
    """Whether a row tells of something that is not well, by its STATUS and READY columns."""
    cells = dict(zip(columns, row, strict=False))
    status, ready = cells.get("STATUS"), cells.get("READY", "")
    if status in ("Completed", "Succeeded", "Complete"):
        return False
    if status is not None and status.partition(",")[0] not in _WELL:
        return True
    counts = re.fullmatch(r"(\d+)/(\d+)", ready)
    return counts is not None and int(counts[1]) < int(counts[2])


def problems_first(columns: list[str], rows: list[list[str]]) -> tuple[list[list[str]], int]:
    """The rows with those first that need attention, and how many these are."""
    bad = [row for row in rows if is_problem(columns, row)]
    return [*bad, *(row for row in rows if not is_problem(columns, row))], len(bad)


_UNITS = {"": 1.0, "m": 1e-3, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "n": 1e-9, "u": 1e-6}


def heaviest(columns: list[str], rows: list[list[str]], by: str) -> list[list[str]]:
    """Rows of `kubectl top`, the one that uses most first."""
    title = {"cpu": "CPU(cores)", "memory": "MEMORY(bytes)"}[by]
    if title not in columns:
        return rows
    position = columns.index(title)
    return sorted(rows, key=lambda row: amount(row[position]), reverse=True)


def amount(text: str) -> float:
    """A quantity such as 250m or 64Mi as a number; 0 for what is none."""
    found = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", text)
    return float(found[1]) * _UNITS.get(found[2], 1.0) if found else 0.0


def pick(item: Json, path: str) -> Any:
    """The value at a path such as spec.containers[*].image or metadata.labels['app.kubernetes.io/name']."""
    values: list[Any] = [item]
    many = False
    for step in _steps(path):
        if step == "*":
            many = True
            values = [v for value in values for v in (value if isinstance(value, list) else _entries(value))]
        else:
            values = [found for value in values if (found := _step(value, step)) is not None]
    return values if many else (values[0] if values else None)


def _entries(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _step(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


_STEP = re.compile(r"\.?(?P<name>[A-Za-z0-9_/-]+)|\[(?P<index>-?\d+)\]|\[(?P<all>\*)\]|\['(?P<quoted>[^']+)'\]")


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


def size(value: Any) -> int:
    """How much room a value takes in an answer, in characters."""
    return len(json.dumps(value.model_dump() if isinstance(value, BaseModel) else value, ensure_ascii=False))


def fitting(items: Sequence[Any]) -> int:
    """How many of the items, from the first, fit into one answer."""
    room = ROOM
    for position, item in enumerate(items):
        room -= size(item)
        if room < 0:
            return position
    return len(items)


def short(value: Any) -> Any:
    """A value, or where it would take too much room the beginning of its JSON text."""
    return value if size(value) <= ROOM // 10 else json.dumps(value)[: ROOM // 10]
