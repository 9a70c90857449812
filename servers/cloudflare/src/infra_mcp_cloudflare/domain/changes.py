"""What differs between a record that is there and one that is wanted."""

from collections.abc import Mapping
from typing import Any

from infra_mcp_cloudflare.domain import values

Record = Mapping[str, Any]
_EMPTY: dict[str, Any] = {"comment": "", "tags": [], "settings": {}, "proxied": False, "ttl": 1}


def difference(before: Record, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `wanted` that is not so yet: what a PATCH has to carry, and nothing else.

    `wanted` may name value (content, data, priority), name, ttl, proxied, comment, tags and settings.
    """
    changed: dict[str, Any] = {}
    if values.key({**before, **wanted}) != values.key(before):
        changed |= {part: wanted[part] for part in ("content", "data", "priority", "name") if part in wanted}
        changed = {part: value for part, value in changed.items() if value != before.get(part)}
    for part, empty in _EMPTY.items():
        if part in wanted and _plain(wanted[part], empty) != _plain(before.get(part), empty):
            changed[part] = wanted[part]
    if "settings" in changed:
        # Switched off by name: leaving a setting out may keep it.
        changed["settings"] = {**dict.fromkeys(before.get("settings") or {}, False), **wanted["settings"]}
    return changed


def _plain(value: Any, empty: Any) -> Any:
    if value is None:
        return empty
    if isinstance(value, dict):
        return {name: inner for name, inner in value.items() if inner}
    return sorted(value) if isinstance(value, list) else value
