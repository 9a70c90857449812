"""What a plan changes, read from `show -json`: resource by resource, attribute by attribute, secrets masked."""

import re
from typing import Any

from infra_mcp_common.redact import MASK
from infra_mcp_terraform.masking import Secrets
from infra_mcp_terraform.models import Action, AttributeChange, Change, Risk

UNKNOWN = "(known after apply)"
MOST_ATTRIBUTES = 100
_LONGEST = 300
_ACTIONS: dict[tuple[str, ...], Action] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("read",): "read",
    ("forget",): "forget",
    ("create", "forget"): "replace",
}
_STATEFUL = re.compile(
    r"(?:^|_)(?:db|rds|database|sql|mysql|postgres\w*|dynamodb|cosmosdb|mongo\w*|redis|elasticache|memcache\w*|"
    r"bucket|s3|storage|disk|volume|ebs|efs|filesystem|file_system|snapshot|backup|kafka|queue|topic|table|"
    r"spanner|bigtable|bigquery|elasticsearch|opensearch|persistent|secret|kms|key|vault|zone|registry|"
    r"instance|vm|lxc|qemu|machine|server|cluster)(?:_|$)"
)
Document = dict[str, Any]


def changes_of(planned: list[Document], secrets: Secrets) -> list[Change]:
    """The resources that a plan, or a drift, changes; what stays as it is is left out."""
    return [_change(item, action, secrets) for item in planned if (action := _action(item)) is not None]


def risks_of(planned: list[Document], secrets: Secrets) -> list[Risk]:
    """What would be lost or made anew, stateful types first, deletes before replacements."""
    found = [_risk(item, secrets) for item in planned if _action(item) in ("delete", "replace", "forget")]
    return sorted(found, key=lambda risk: (not risk.stateful, risk.action != "delete"))


def counts_of(changes: list[Change]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.action] = counts.get(change.action, 0) + 1
    return counts


def outputs_of(plan: Document) -> dict[str, str]:
    """Outputs that change, with their action."""
    listed = plan.get("output_changes", {}).items()
    return {name: _word(change) for name, change in listed if change.get("actions") != ["no-op"]}


def shortened(change: Change, attributes: int) -> Change:
    """The change with at most so many attributes."""
    left = len(change.attributes) - attributes
    if left <= 0:
        return change
    omitted = left + (change.omitted_attributes or 0)
    return change.model_copy(update={"attributes": change.attributes[:attributes], "omitted_attributes": omitted})


def _word(change: Document) -> str:
    return str(_ACTIONS.get(tuple(change.get("actions", [])), "update"))


def _action(item: Document) -> Action | None:
    change = item["change"]
    if change.get("importing"):
        return "import"
    if action := _ACTIONS.get(tuple(change.get("actions", []))):
        return action
    return "move" if item.get("previous_address") else None


def _risk(item: Document, secrets: Secrets) -> Risk:
    action = _action(item)
    return Risk(
        address=secrets.mask_address(item["address"]),
        action=action if action in ("replace", "forget") else "delete",
        stateful=bool(_STATEFUL.search(item.get("type", ""))),
        forced_by=[_path(path) for path in item["change"].get("replace_paths", [])] or None,
        reason=item.get("action_reason"),
    )


def _change(item: Document, action: Action, secrets: Secrets) -> Change:
    change = item["change"]
    forcing = {_path(path) for path in change.get("replace_paths", [])}
    listed = [] if action in ("delete", "forget") else _attributes(change, forcing, secrets)
    previous = item.get("previous_address")
    return Change(
        address=secrets.mask_address(item["address"]),
        action=action,
        reason=item.get("action_reason"),
        previous_address=secrets.mask_address(previous) if previous else None,
        attributes=listed[:MOST_ATTRIBUTES],
        omitted_attributes=len(listed) - MOST_ATTRIBUTES if len(listed) > MOST_ATTRIBUTES else None,
    )


def _attributes(change: Document, forcing: set[str], secrets: Secrets) -> list[AttributeChange]:
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
    children = {**_children(one, other)}
    if not children:
        return False
    return {key: _either(_at(one, key), _at(other, key)) for key in children}


def _join(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def _path(steps: list[Any]) -> str:
    path = ""
    for step in steps:
        path = _join(path, step)
    return path
