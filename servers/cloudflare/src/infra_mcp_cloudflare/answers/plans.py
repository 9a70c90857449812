"""What is to be done to the records of a zone, and what was done."""

from typing import Any

from pydantic import Field

from infra_mcp_cloudflare.answers.base import Answer
from infra_mcp_cloudflare.answers.record_lists import RecordRow
from infra_mcp_cloudflare.domain.plan import Plan, Update
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_common.results import Result

_MOST_SHOWN = 50


class PlannedUpdate(Result):
    """A record that would change, and to what."""

    id: str
    type: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(cls, update: Update) -> "PlannedUpdate":
        record, after = update.before, update.changes.as_json()
        before = {field: getattr(record, field) for field in after}
        return cls(id=record.id, type=record.type, name=record.name, before=before, after=after)


class PlanSummary(Result):
    """What is to be done, deletes first. The lists are cut at 50 entries; the counts are not."""

    zone: str
    to_delete: int
    to_update: int
    to_create: int
    unchanged: int
    batches: int = Field(description="Transactions of at most 200 operations; one is all or nothing")
    deletes: list[RecordRow]
    updates: list[PlannedUpdate]
    creates: list[dict[str, Any]]

    @classmethod
    def of(cls, zone: Zone, plan: Plan) -> "PlanSummary":
        return cls(
            zone=zone.name,
            to_delete=len(plan.deletes),
            to_update=len(plan.updates),
            to_create=len(plan.creates),
            unchanged=plan.unchanged,
            batches=len(plan.batches()),
            deletes=[RecordRow.of(record) for record in plan.deletes[:_MOST_SHOWN]],
            updates=[PlannedUpdate.of(update) for update in plan.updates[:_MOST_SHOWN]],
            creates=[body.as_json() for body in plan.creates[:_MOST_SHOWN]],
        )


class Applied(Answer):
    """What was done."""

    zone: str
    deleted: int
    updated: int
    created: int
    unchanged: int
    left_out: int | None = Field(
        default=None, description="SOA and own NS entries of a zone file, which Cloudflare provides"
    )

    @classmethod
    def of(cls, zone: Zone, plan: Plan, *, left_out: int = 0, rate_limit: str | None) -> "Applied":
        return cls(
            zone=zone.name,
            deleted=len(plan.deletes),
            updated=len(plan.updates),
            created=len(plan.creates),
            unchanged=plan.unchanged,
            left_out=left_out or None,
            rate_limit=rate_limit,
        )
