"""The attributes that a change touches: two trees of values, and two of marks, as leaves by path."""

from dataclasses import dataclass, field

from infra_mcp_common.text.redaction import MASK
from infra_mcp_terraform.domain.documents import AttributesDocument, Marks, Value
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.domain.trees import at, either, join, keys_of, shortened

UNKNOWN = "(known after apply)"
_LONGEST = 300


@dataclass(frozen=True)
class AttributeChange:
    """One attribute; before or after is None where it is null or absent."""

    path: str
    before: Value
    after: Value
    forces_replacement: bool


@dataclass(frozen=True)
class _Sensitive:
    """A sensitive value: it can be compared, and that is all."""

    value: Value = field(repr=False)


_Leaves = dict[str, Value | _Sensitive]


def attributes_of(change: AttributesDocument, forcing: set[str], secrets: Secrets) -> list[AttributeChange]:
    """What differs between before and after; what forces a replacement comes first."""
    mark = either(change.get("before_sensitive"), change.get("after_sensitive"))
    before = _flat(change.get("before"), mark, None)
    after = _flat(change.get("after"), mark, change.get("after_unknown"))
    changed = sorted(_changed(before, after), key=lambda path: not _within(path, forcing))
    return [
        AttributeChange(
            path=secrets.mask(path),
            before=_shown(before.get(path), secrets),
            after=_shown(after.get(path), secrets),
            forces_replacement=_within(path, forcing),
        )
        for path in changed
        if not (change.get("before") is None and after.get(path) == UNKNOWN)
    ]


def _changed(before: _Leaves, after: _Leaves) -> list[str]:
    """Paths whose values differ; below an unknown value nothing is known to differ."""
    unknown = {path for path, value in after.items() if value == UNKNOWN}
    return [
        path
        for path in {**before, **after}
        if before.get(path) != after.get(path) and (path in unknown or not _within(path, unknown))
    ]


def _within(path: str, places: set[str]) -> bool:
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in places)


def _shown(value: Value | _Sensitive, secrets: Secrets) -> Value:
    return MASK if isinstance(value, _Sensitive) else shortened(secrets.masked(value), _LONGEST)


def _flat(value: Value, mark: Marks, unknown: Marks, path: str = "") -> _Leaves:
    """Leaves by path; empty collections are leaves, nulls are left out."""
    if unknown is True:
        return {path: UNKNOWN}
    if mark is True:
        return {path: _Sensitive(value)} if value is not None else {}
    keys = dict.fromkeys([*keys_of(unknown), *keys_of(value)])
    if not keys:
        return {path: value} if value is not None else {}
    found: _Leaves = {}
    for key in keys:
        found |= _flat(at(value, key), at(mark, key), at(unknown, key), join(path, key))
    return found
