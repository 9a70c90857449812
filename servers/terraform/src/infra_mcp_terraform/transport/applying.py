"""Applying a saved plan."""

from infra_mcp_terraform.domain.events import counts_in, diagnostics_in, done_in, failed_in, has_begun
from infra_mcp_terraform.domain.plans import SavedPlan
from infra_mcp_terraform.domain.runs import MOST_NAMES, ApplyRun
from infra_mcp_terraform.domain.states import State
from infra_mcp_terraform.transport import saved_plans, states, terraform
from infra_mcp_terraform.transport.errors import PlanRefused
from infra_mcp_terraform.transport.failures import explain
from infra_mcp_terraform.transport.program import Ended
from infra_mcp_terraform.transport.progress import Progress
from infra_mcp_terraform.transport.runs import Slot


async def apply(slot: Slot, record: SavedPlan, timeout: float) -> ApplyRun:
    """Apply exactly this plan, which is used up by it. An error where terraform did not get to the first resource."""
    project, saved = slot.project, saved_plans.file_of(record)
    await states.read_plan(project, saved)
    progress = Progress(project.secrets, len(record.planned.changes))
    ended = await terraform.apply(slot, saved, timeout=timeout, on_event=progress.tell)
    state = await states.read_if_possible(project)
    _refuse_unbegun(slot, record, ended)
    saved_plans.drop(record)
    return _run(slot, ended, state)


def _refuse_unbegun(slot: Slot, record: SavedPlan, ended: Ended) -> None:
    """Raise where terraform did not get as far as the first resource; the plan stays good unless it is stale."""
    if ended.exit_status == 0 or has_begun(ended.events):
        return
    error = explain("apply", ended, slot.project.secrets)
    if isinstance(error, PlanRefused):
        saved_plans.drop(record)
    raise error


def _run(slot: Slot, ended: Ended, state: State) -> ApplyRun:
    events, secrets = ended.events, slot.project.secrets
    done, failed = ([secrets.mask_address(one) for one in found] for found in (done_in(events), failed_in(events)))
    return ApplyRun(
        exit_status=ended.exit_status,
        timed_out=ended.timed_out,
        seconds=ended.seconds,
        counts=counts_in(events),
        applied=tuple(done[:MOST_NAMES]),
        failed=tuple(failed[:MOST_NAMES]),
        diagnostics=diagnostics_in(events, secrets),
        outputs=state.outputs,
    )
