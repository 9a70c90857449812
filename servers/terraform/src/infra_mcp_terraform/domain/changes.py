"""What a plan changes, read from `show -json`: resource by resource, attribute by attribute, secrets masked."""

import re
from typing import Any

from infra_mcp_terraform.answers.models import Action, Change, Risk
from infra_mcp_terraform.domain.attributes import attributes_of, path_of
from infra_mcp_terraform.domain.secrets import Secrets

MOST_ATTRIBUTES = 100
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
    action = _ACTIONS.get(tuple(item["change"].get("actions", [])))
    # What is imported and at once replaced is lost all the same, and that is what has to be said of it.
    if item["change"].get("importing") and action in (None, "update"):
        return "import"
    return action or ("move" if item.get("previous_address") else None)


def _risk(item: Document, secrets: Secrets) -> Risk:
    action = _action(item)
    return Risk(
        address=secrets.mask_address(item["address"]),
        action=action if action in ("replace", "forget") else "delete",
        stateful=bool(_STATEFUL.search(item.get("type", ""))),
        forced_by=[path_of(path) for path in item["change"].get("replace_paths", [])] or None,
        reason=item.get("action_reason"),
    )


def _change(item: Document, action: Action, secrets: Secrets) -> Change:
    change = item["change"]
    forcing = {path_of(path) for path in change.get("replace_paths", [])}
    listed = [] if action in ("delete", "forget") else attributes_of(change, forcing, secrets)
    previous = item.get("previous_address")
    return Change(
        address=secrets.mask_address(item["address"]),
        action=action,
        reason=item.get("action_reason"),
        previous_address=secrets.mask_address(previous) if previous else None,
        attributes=listed[:MOST_ATTRIBUTES],
        omitted_attributes=len(listed) - MOST_ATTRIBUTES if len(listed) > MOST_ATTRIBUTES else None,
    )
