"""Carrying a plan out, batch by batch, so that a lost answer neither repeats nor forgets one."""

from infra_mcp_cloudflare.answers.records import Applied, PlannedUpdate, PlanSummary, RecordRow
from infra_mcp_cloudflare.domain import values
from infra_mcp_cloudflare.domain.changes import difference
from infra_mcp_cloudflare.domain.plan import Plan
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.transport.api import CloudflareApi, ZoneRef
from infra_mcp_cloudflare.transport.envelope import Json
from infra_mcp_common.errors import Conflict, InfraError
from infra_mcp_common.io.http import AnswerLost
from infra_mcp_common.tool_calls import call_context
from infra_mcp_common.tool_calls.confirmation import Preview

_MOST_SHOWN = 50


def preview(zone: ZoneRef, plan: Plan, deed: str) -> Preview:
    """What a gated call answers without `confirmed`: the plan, and its name to confirm just this one."""
    counts = f"{len(plan.deletes)} to delete, {len(plan.updates)} to update, {len(plan.creates)} to create"
    would = f"{deed} {zone.name}: {counts}" if plan.size else f"Change nothing: {zone.name} is as it should be"
    confirm = {"confirmed": True, "plan": plan.digest}
    return Preview(would=would, now=summary(zone, plan).model_dump(mode="json"), confirm_with=confirm)


def summary(zone: ZoneRef, plan: Plan) -> PlanSummary:
    """The plan as it is shown."""
    return PlanSummary(
        zone=zone.name,
        to_delete=len(plan.deletes),
        to_update=len(plan.updates),
        to_create=len(plan.creates),
        unchanged=plan.unchanged,
        batches=len(plan.batches()),
        deletes=[RecordRow.of(record) for record in plan.deletes[:_MOST_SHOWN]],
        updates=[_update(update.before, update.changes) for update in plan.updates[:_MOST_SHOWN]],
        creates=plan.creates[:_MOST_SHOWN],
    )


def check_plan(plan: Plan, confirmed: str | None) -> None:
    """Refuse to carry out anything but the plan that was shown."""
    if confirmed != plan.digest:
        why = "No plan was named." if confirmed is None else "The zone or the arguments are not what they were."
        raise Conflict(
            f"{why} Nothing was changed.", "Call without confirmed for the present plan, and confirm with its plan."
        )


async def carry_out(api: CloudflareApi, zone: ZoneRef, plan: Plan) -> Applied:
    """Do all of the plan, a transaction for each batch."""
    protection.check_change(zone.name, *plan.touched())
    batches = plan.batches()
    for done, batch in enumerate(batches):
        await call_context.progress(f"batch {done + 1} of {len(batches)}", done, len(batches))
        try:
            await _once(api, zone, batch)
        except InfraError as error:
            if done:
                error.problem += f" {done} of {len(batches)} batches had been carried out before, this one was not."
            raise
    return Applied(
        zone=zone.name,
        deleted=len(plan.deletes),
        updated=len(plan.updates),
        created=len(plan.creates),
        unchanged=plan.unchanged,
    )


async def _once(api: CloudflareApi, zone: ZoneRef, batch: dict[str, list[Json]]) -> None:
    try:
        await api.batch(zone, batch)
    except AnswerLost:
        if not _is_done(batch, await api.all_records(zone)):
            await api.batch(zone, batch)


def _is_done(batch: dict[str, list[Json]], present: list[Json]) -> bool:
    """Whether the zone is as the batch leaves it; a batch is all or nothing."""
    by_id = {record["id"]: record for record in present}
    keys = {values.key(record) for record in present}
    return (
        not any(operation["id"] in by_id for operation in batch.get("deletes", []))
        and all(values.key(body) in keys for body in batch.get("posts", []))
        and all(_is_patched(by_id.get(operation["id"]), operation) for operation in batch.get("patches", []))
    )


def _is_patched(record: Json | None, operation: Json) -> bool:
    return record is not None and not difference(record, {k: v for k, v in operation.items() if k != "id"})


def _update(before: Json, changes: Json) -> PlannedUpdate:
    return PlannedUpdate(
        id=before["id"],
        type=before["type"],
        name=before["name"],
        before={part: before.get(part) for part in changes},
        after=changes,
    )
