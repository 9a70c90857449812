"""The attributes that a change touches: two trees of values, and two of marks, as leaves by path."""

from typing import Any

from infra_mcp_common.text.redaction import MASK
from infra_mcp_terraform.answers.models import AttributeChange
from infra_mcp_terraform.domain.secrets import Secrets

UNKNOWN = "(known after apply)"
_LONGEST = 300


def attributes_of(change: dict[str, Any], forcing: set[str], secrets: Secrets) -> list[AttributeChange]:
    """What differs between before and after; what forces a replacement comes first."""
    mark = _either(change.get("before_sensitive"), change.get("after_sensitive"))
    before = _flat(change.get("before"), mark, None)
    after = _flat(change.get("after"), mark, change.get("after_unknown"))
    unknown = {path for path, value in after.items() if isinstance(value, str) and value == UNKNOWN}
    changed = [
        path
        for path in {**before, **after}
        if before.get(path) != after.get(path) and not (path not in unknown and _within(path, unknown))
    ]
    first = sorted(changed, key=lambda path: not _within(path, forcing))
    return [
        AttributeChange(
            path=secrets.mask(path),
            before=_shown(before.get(path), secrets),
            after=_shown(after.get(path), secrets),
            forces_replacement=_within(path, forcing) or None,
        )
        for path in first
        if not (change.get("before") is None and after.get(path) == UNKNOWN)
    ]


def _within(path: str, places: set[str]) -> bool:
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in places)


class _Masked:
    """A sensitive value: it can be compared, and that is all."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Masked) and self._value == other._value

    def __hash__(self) -> int:
        return 0


def _shown(value: Any, secrets: Secrets) -> Any:
    if isinstance(value, _Masked):
        return MASK
    value = secrets.masked(value)
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}… ({len(value)} characters)"
    return value


def _flat(value: Any, mark: Any, unknown: Any, path: str = "") -> dict[str, Any]:
    """Leaves by path; empty collections are leaves, nulls are left out."""
    if unknown is True:
        return {path: UNKNOWN}
    if mark is True:
        return {path: _Masked(value)} if value is not None else {}
    children = _children(value, unknown)
    if not children:
        return {path: value} if value is not None else {}
    found: dict[str, Any] = {}
    for key, inner in children.items():
        found |= _flat(inner, _at(mark, key), _at(unknown, key), _join(path, key))
    return found


def _children(value: Any, unknown: Any) -> dict[Any, Any]:
    keys: dict[Any, Any] = {}
    for tree in (unknown, value):
        if isinstance(tree, dict):
            keys |= dict.fromkeys(tree)
        elif isinstance(tree, list):
            keys |= dict.fromkeys(range(len(tree)))
    return {key: _at(value, key) for key in keys}


def _at(tree: Any, key: Any) -> Any:
    if isinstance(tree, dict):
        return tree.get(key)
    return tree[key] if isinstance(tree, list) and isinstance(key, int) and key < len(tree) else None


def _either(one: Any, other: Any) -> Any:
    """The union of two trees of marks."""
    if one is True or other is True:
        return True
    children = _children(one, other)
    if not children:
        return False
    return {key: _either(_at(one, key), _at(other, key)) for key in children}


def _join(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def path_of(steps: list[Any]) -> str:
    """A path as people write it: `tags.Name`, `disk[0].size`."""
    path = ""
    for step in steps:
        path = _join(path, step)
    return path
