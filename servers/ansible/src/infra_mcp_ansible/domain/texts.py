"""Texts of results, made short enough to answer with; the whole is kept to be read by id."""

import difflib
from collections.abc import Mapping
from typing import Any

from infra_mcp_common.io.kept_output import Capture

TAIL = 2_000


def cut(text: str | None, size: int = TAIL) -> str | None:
    """The end of the text; None for an empty one."""
    if not text or len(text) <= size:
        return text or None
    return f"[... {len(text) - size} characters left out ...]\n{text[-size:]}"


def keep(**texts: str | None) -> str | None:
    """Keep these texts whole, where one is too long for an answer, and say under which output_id."""
    if all(len(text or "") <= TAIL for text in texts.values()):
        return None
    capture = Capture(head=0, tail=0)
    for name, text in texts.items():
        if text:
            capture.feed(f"--- {name} ---\n{text}\n".encode())
    return capture.output().output_id


def diff_of(result: Mapping[str, Any]) -> str | None:
    """What a module says it changed, as a unified diff; of a loop, that of all items."""
    parts = [result, *(item for item in result.get("results") or [] if isinstance(item, Mapping))]
    found = [one for part in parts for one in _listed(part.get("diff"))]
    return "\n".join(filter(None, map(_unified, found))) or None


def _listed(value: Any) -> list[Mapping[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _unified(diff: Mapping[str, Any]) -> str:
    if diff.get("prepared"):
        return str(diff["prepared"])
    before, after = (_lines(diff.get(side)) for side in ("before", "after"))
    old, new = (str(diff.get(f"{side}_header") or side) for side in ("before", "after"))
    return "\n".join(difflib.unified_diff(before, after, old, new, lineterm=""))


def _lines(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {inner}" for name, inner in sorted(value.items())]
    return str(value or "").splitlines()
