"""Making plans, and saying what they would do."""

from pathlib import Path
from typing import Any

from infra_mcp_terraform.answers.models import Change, Diagnostic, Interrupted, Plan, PlanKind
from infra_mcp_terraform.domain.changes import changes_of, counts_of, outputs_of, risks_of, shortened
from infra_mcp_terraform.domain.events import Progress, diagnostics_in
from infra_mcp_terraform.domain.plan_request import PlanRequest
from infra_mcp_terraform.domain.secrets import Secrets, secrets_of
from infra_mcp_terraform.transport import projects, runs, states
from infra_mcp_terraform.transport import saved_plans as plans
from infra_mcp_terraform.transport import terraform as cli
from infra_mcp_terraform.transport.failures import explain
from infra_mcp_terraform.transport.saved_plans import Record

_FIRST_CHANGES, _FIRST_RISKS, _FIRST_ATTRIBUTES = 10, 20, 12
_ORDER = ("create", "update", "replace", "delete", "forget", "import", "move", "read")


async def make(directory: Path, request: PlanRequest, tool: str, timeout: float) -> Plan:
    """Plan, save the plan, and note it as shown."""
    configuration = projects.fingerprint(directory, request.var_files)
    kind: PlanKind = "destroy" if request.mode == "destroy" else "apply"
    async with runs.claim(directory, tool) as slot:
        document, warnings = await _plan(slot, request, timeout)
        secrets = secrets_of(directory)
        planned = document.get("resource_changes", [])
        changes = changes_of(planned, secrets)
        record = plans.save(
            slot.folder / "plan",
            directory=directory,
            workspace=projects.workspace(directory),
            kind=kind,
            configuration=configuration,
            var_files=request.var_files,
            changes=changes,
            risks=risks_of(planned, secrets),
            counts=counts_of(changes),
            outputs=outputs_of(document),
            drifted=len(document.get("resource_drift", [])),
            warnings=warnings,
        )
        plans.show(record, request)
        return told(record, _masked(slot.interrupted, secrets))


async def compare(directory: Path, timeout: float) -> tuple[list[Change], list[Diagnostic]]:
    """The changes that happened outside Terraform, and terraform's warnings."""
    async with runs.claim(directory, "detect_drift") as slot:
        document, warnings = await _plan(slot, PlanRequest(mode="refresh"), timeout)
        return changes_of(document.get("resource_drift", []), secrets_of(directory)), warnings


def _masked(interrupted: Interrupted | None, secrets: Secrets) -> Interrupted | None:
    if interrupted is None:
        return None
    return interrupted.model_copy(update={"applied": [secrets.mask_address(name) for name in interrupted.applied]})


def told(record: Record, interrupted: Interrupted | None = None) -> Plan:
    """A saved plan as an answer of bounded size."""
    return Plan(
        plan_id=record.plan_id,
        directory=str(record.directory),
        workspace=record.workspace,
        kind=record.kind,
        expires=plans.when(record.expires),
        summary=summary(record),
        counts=record.counts,
        risks=record.risks[:_FIRST_RISKS],
        risk_count=len(record.risks),
        changes=[shortened(change, _FIRST_ATTRIBUTES) for change in record.changes[:_FIRST_CHANGES]],
        change_count=len(record.changes),
        outputs=record.outputs,
        drifted=record.drifted or None,
        warnings=record.warnings or None,
        interrupted=interrupted,
        next=_next(record),
    )


def summary(record: Record) -> str:
    """One line: how many resources, by action."""
    parts = [f"{record.counts[action]} to {action}" for action in _ORDER if action in record.counts]
    if record.outputs:
        parts.append(f"{len(record.outputs)} {'output' if len(record.outputs) == 1 else 'outputs'} to change")
    return ", ".join(parts) or "no changes"


def _next(record: Record) -> str:
    if not record.changes and not record.outputs:
        return "Nothing to do."
    rest = "show_plan shows the rest; " if len(record.changes) > _FIRST_CHANGES else ""
    return f"{rest}{record.kind} with this plan_id and confirmed: true carries it out."


async def _plan(slot: runs.Slot, request: PlanRequest, timeout: float) -> tuple[dict[str, Any], list[Diagnostic]]:
    secrets, saved = secrets_of(slot.directory), slot.folder / "plan"
    secrets.learn(*projects.sensitive_inputs(slot.directory, request.variables, request.var_files))
    ended = await cli.plan(slot, request, saved, timeout=timeout, on_event=Progress(secrets).tell)
    if ended.exit_status not in (0, 2):
        await states.read_if_possible(slot.directory)
        raise explain("plan", ended, secrets)
    document = await states.read_plan(slot.directory, saved)
    return document, diagnostics_in(ended.events, secrets)
