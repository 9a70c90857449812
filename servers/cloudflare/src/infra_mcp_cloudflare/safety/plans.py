"""Plans: made within the protection, shown, and carried out as they were shown."""

from infra_mcp_cloudflare.answers.plans import PlanSummary
from infra_mcp_cloudflare.domain import planning
from infra_mcp_cloudflare.domain.plan import Plan
from infra_mcp_cloudflare.domain.planning import Others
from infra_mcp_cloudflare.domain.record import RecordBody
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.transport import record_writes
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_common.errors import Conflict, InfraError
from infra_mcp_common.tool_calls import call_context
from infra_mcp_common.tool_calls.confirmation import Preview


async def make(api: CloudflareApi, zone: Zone, wanted: list[RecordBody], others: Others) -> Plan:
    """The way from what the zone has now to these records; see `planning.make`."""
    plan = planning.make(zone.name, await api.records.list_all(zone), wanted, others)
    protection.check_change(zone.name, *plan.affected())
    return plan


async def additions(api: CloudflareApi, zone: Zone, wanted: list[RecordBody]) -> Plan:
    """What is missing of these records; what is there already stays as it is."""
    plan = planning.make(zone.name, await api.records.list_all(zone), wanted, "keep").additions_only()
    protection.check_change(zone.name, *plan.affected())
    return plan


def preview(zone: Zone, plan: Plan, verb: str) -> Preview:
    """What a gated call answers without `confirmed`: the plan, and its name to confirm just this one."""
    counts = f"{len(plan.deletes)} to delete, {len(plan.updates)} to update, {len(plan.creates)} to create"
    would = f"{verb} {zone.name}: {counts}" if plan.size else f"Change nothing: {zone.name} is as it should be"
    confirm = {"confirmed": True, "plan": plan.digest}
    return Preview(would=would, now=PlanSummary.of(zone, plan).model_dump(mode="json"), confirm_with=confirm)


def preview_import(zone: Zone, plan: Plan) -> Preview:
    """What a gated import answers without `confirmed`."""
    return Preview(would=f"Import into {zone.name}", now=PlanSummary.of(zone, plan).model_dump(mode="json"))


def check_plan(plan: Plan, confirmed: str | None) -> None:
    """Refuse to carry out anything but the plan that was shown."""
    if confirmed != plan.digest:
        why = "No plan was named." if confirmed is None else "The zone or the arguments are not what they were."
        raise Conflict(
            f"{why} Nothing was changed.", "Call without confirmed for the present plan, and confirm with its plan."
        )


async def carry_out(api: CloudflareApi, zone: Zone, plan: Plan) -> None:
    """Do all of the plan, a transaction for each batch."""
    protection.check_change(zone.name, *plan.affected())
    batches = plan.batches()
    for done, batch in enumerate(batches):
        await call_context.progress(f"batch {done + 1} of {len(batches)}", done, len(batches))
        try:
            await record_writes.batch(api, zone, batch)
        except InfraError as error:
            if done:
                error.problem += f" {done} of {len(batches)} batches had been carried out before, this one was not."
            raise
