"""Applying a saved plan: exactly that one, or nothing."""

from pathlib import Path
from typing import Any

from infra_mcp_common.errors import NotFound
from infra_mcp_common.local_ids import marked
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_terraform.answers.models import Applied, Plan, PlanKind
from infra_mcp_terraform.domain.events import Progress, counts_in, diagnostics_in, done_in, failed_in
from infra_mcp_terraform.domain.secrets import Secrets, secrets_of
from infra_mcp_terraform.transport import planning, runs, states
from infra_mcp_terraform.transport import saved_plans as plans
from infra_mcp_terraform.transport import terraform as cli
from infra_mcp_terraform.transport.errors import PlanRefused
from infra_mcp_terraform.transport.failures import explain
from infra_mcp_terraform.transport.saved_plans import Record
from infra_mcp_terraform.transport.terraform import Ended

_MOST_NAMES = 50


async def preview(directory: Path, kind: PlanKind, plan_id: str | None, timeout: float) -> Preview:
    """The plan that a confirmed call would apply; made now where none is at hand. Changes nothing."""
    record = _usable(directory, kind, plan_id)
    if isinstance(record, Record):
        return _preview(planning.told(record))
    return await _fresh(directory, kind, timeout, why="")


async def carry_out(directory: Path, kind: PlanKind, plan_id: str | None, timeout: float) -> Applied | Preview:
    """Apply the plan named, or the last one shown; where there is none, plan and show it, and change nothing."""
    record = _usable(directory, kind, plan_id)
    if isinstance(record, Record):
        return await _apply(record, timeout)
    return await _fresh(directory, kind, timeout, why=f"Nothing has been changed: {record} ")


def _usable(directory: Path, kind: PlanKind, plan_id: str | None) -> Record | str:
    """The plan to apply, or why there is none. A plan that was named by its id is used or refused."""
    chosen = plan_id or plans.last_shown(directory, kind)[0]
    if chosen is None:
        return f"no plan for {kind} has been shown for this directory yet."
    try:
        record = plans.find(chosen, directory)
        plans.check(record, kind)
    except (PlanRefused, NotFound) as refusal:
        if plan_id is not None:
            raise
        return refusal.problem
    return record


async def _fresh(directory: Path, kind: PlanKind, timeout: float, why: str) -> Preview:
    request = plans.last_shown(directory, kind)[1]
    return _preview(await planning.make(directory, request, kind, timeout), why)


def _preview(plan: Plan, why: str = "") -> Preview:
    would = f"{why}This plan would be carried out: {plan.summary}, in workspace {plan.workspace} of {plan.directory}."
    return Preview(would=would, now=plan, confirm_with={"confirmed": True, "plan_id": marked(plan.plan_id)})


async def _apply(record: Record, timeout: float) -> Applied:
    secrets = secrets_of(record.directory)
    async with runs.claim(record.directory, record.kind) as slot:
        plans.check(record, record.kind)
        await states.read_plan(record.directory, record.file)
        progress = Progress(secrets, len(record.changes))
        ended = await cli.apply(slot, record.file, timeout=timeout, on_event=progress.tell)
        state = await states.read_if_possible(record.directory)
        _refuse_unbegun(record, ended, secrets)
        plans.drop(record)
        return _told(record, ended, state, secrets)


def _refuse_unbegun(record: Record, ended: Ended, secrets: Secrets) -> None:
    """Raise where terraform did not get as far as the first resource; the plan stays good unless it is stale."""
    if ended.exit_status == 0 or any(event.get("type") == "apply_start" for event in ended.events):
        return
    error = explain("apply", ended, secrets)
    if isinstance(error, PlanRefused):
        plans.drop(record)
    raise error


def _told(record: Record, ended: Ended, state: dict[str, Any], secrets: Secrets) -> Applied:
    events = ended.events
    done = [secrets.mask_address(address) for address in done_in(ended.stdout)]
    told = diagnostics_in(events, secrets)
    stopped = ended.timed_out or ended.exit_status is None
    return Applied(
        plan_id=record.plan_id,
        directory=str(record.directory),
        workspace=record.workspace,
        status="stopped" if stopped else "applied" if ended.exit_status == 0 else "failed",
        counts=counts_in(events),
        planned=len(record.changes),
        applied=done[:_MOST_NAMES],
        failed_resources=[secrets.mask_address(address) for address in failed_in(events)][:_MOST_NAMES] or None,
        diagnostics=told or None,
        outputs={
            name: secrets.masked(item.get("value"), item.get("sensitive"))
            for name, item in states.outputs(state).items()
        },
        # A signal ended it where it did not answer to two SIGINTs; then nobody has saved or unlocked anything.
        state="saved" if ended.exit_status is not None else "may be locked or incomplete",
        seconds=round(ended.seconds, 2),
        next=None if ended.exit_status == 0 else "Plan again: the state has what was done, a new plan has the rest.",
    )
