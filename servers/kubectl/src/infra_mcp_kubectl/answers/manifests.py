"""Manifests that are applied."""

from typing import Literal

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_kubectl.answers.base import ROOM, Answer, size
from infra_mcp_kubectl.answers.changes import Change
from infra_mcp_kubectl.domain.apply import ApplyOutcome, FieldOwner


class FieldConflict(Result):
    """A field that belongs to another manager."""

    manager: str
    field: str

    @classmethod
    def of(cls, owner: FieldOwner) -> "FieldConflict":
        return cls(manager=owner.manager, field=owner.field)


class Outcome(Result):
    """What became of one object of a manifest."""

    object: str = Field(description="As deployment/web")
    namespace: str | None = None
    action: Literal["created", "configured", "unchanged", "failed"]
    changes: list[Change] | None = None
    more_changes: int | None = Field(default=None, description="Changed fields left out of a long answer")
    error: str | None = None
    conflicts: list[FieldConflict] | None = None

    @classmethod
    def of(cls, outcome: ApplyOutcome) -> "Outcome":
        return cls(
            object=outcome.object,
            namespace=outcome.namespace,
            action=outcome.action,
            changes=[Change.of(change) for change in outcome.changes] or None,
            error=outcome.error,
            conflicts=[FieldConflict.of(owner) for owner in outcome.conflicts] or None,
        )


class Applied(Answer):
    """Per object what was done, or with dry_run what would be."""

    dry_run: bool
    outcomes: list[Outcome]

    def failed(self) -> bool:
        return any(outcome.action == "failed" for outcome in self.outcomes)

    @classmethod
    def of(cls, context: str, outcomes: list[ApplyOutcome], *, dry_run: bool) -> "Applied":
        """The changes of as many objects as fit into one answer; of the others only their number."""
        told = [Outcome.of(outcome) for outcome in outcomes]
        room = ROOM
        for outcome in told:
            room -= size(outcome)
            if room < 0 and outcome.changes:
                outcome.more_changes, outcome.changes = len(outcome.changes), None
        return cls(context=context, dry_run=dry_run, outcomes=told)
