"""What a module says it changed."""

import difflib
from collections.abc import Iterator, Mapping

from infra_mcp_ansible.domain.variables import Variables


def diff_of(result: Variables) -> str | None:
    """What a module says it changed, as a unified diff; of a loop, that of all items."""
    parts = [result, *(item for item in result.get("results") or [] if isinstance(item, Mapping))]
    unified = (_unified(diff) for part in parts for diff in _diffs(part.get("diff")))
    return "\n".join(filter(None, unified)) or None


def _diffs(value: object) -> Iterator[Mapping[str, object]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            yield item


def _unified(diff: Mapping[str, object]) -> str:
    if diff.get("prepared"):
        return str(diff["prepared"])
    before, after = (_lines(diff.get(side)) for side in ("before", "after"))
    old, new = (str(diff.get(f"{side}_header") or side) for side in ("before", "after"))
    return "\n".join(difflib.unified_diff(before, after, old, new, lineterm=""))


def _lines(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {inner}" for name, inner in sorted(value.items())]
    return str(value or "").splitlines()
