"""What a plan changes, read from `show -json`: resource by resource, attribute by attribute, secrets masked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from infra_mcp_terraform.domain.attributes import AttributeChange, attributes_of
from infra_mcp_terraform.domain.documents import PlanDocument, ResourceChangeDocument
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.domain.trees import path_of

Action = Literal["create", "update", "delete", "replace", "read", "move", "import", "forget"]
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


@dataclass(frozen=True)
class Change:
    """What a plan does to one resource. reason: terraform's own word for it."""

    address: str
    action: Action
    reason: str | None
    previous_address: str | None
    attributes: tuple[AttributeChange, ...]
    omitted_attributes: int = 0

    def shortened(self, attributes: int) -> "Change":
        """The change with at most so many attributes."""
        omitted = len(self.attributes) - attributes
        if omitted <= 0:
            return self
        omitted += self.omitted_attributes
        return replace(self, attributes=self.attributes[:attributes], omitted_attributes=omitted)


def changes_of(planned: Iterable[ResourceChangeDocument], secrets: Secrets) -> tuple[Change, ...]:
    """The resources that a plan, or a drift, changes; what stays as it is is left out."""
    return tuple(_change(item, action, secrets) for item in planned if (action := action_of(item)) is not None)


def counts_of(changes: Iterable[Change]) -> dict[str, int]:
    """Resources by action."""
    return dict(Counter(change.action for change in changes))


def output_actions_of(plan: PlanDocument) -> dict[str, str]:
    """Outputs that change, with their action."""
    listed = ((name, change.get("actions", [])) for name, change in plan.get("output_changes", {}).items())
    return {name: _ACTIONS.get(tuple(actions), "update") for name, actions in listed if actions != ["no-op"]}


def action_of(item: ResourceChangeDocument) -> Action | None:
    """What is done to the resource; None where nothing is."""
    action = _ACTIONS.get(tuple(item["change"].get("actions", [])))
    # What is imported and at once replaced is lost all the same, and that is what has to be said of it.
    if item["change"].get("importing") and action in (None, "update"):
        return "import"
    return action or ("move" if item.get("previous_address") else None)


def _change(item: ResourceChangeDocument, action: Action, secrets: Secrets) -> Change:
    change, previous = item["change"], item.get("previous_address")
    forcing = {path_of(path) for path in change.get("replace_paths", [])}
    whole = Change(
        address=secrets.mask_address(item["address"]),
        action=action,
        reason=item.get("action_reason"),
        previous_address=secrets.mask_address(previous) if previous else None,
        attributes=() if action in ("delete", "forget") else tuple(attributes_of(change, forcing, secrets)),
    )
    return whole.shortened(MOST_ATTRIBUTES)
