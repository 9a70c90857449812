"""Making plans, and reading what they would do."""

from dataclasses import replace

from infra_mcp_terraform.domain.changes import Change, changes_of, output_actions_of
from infra_mcp_terraform.domain.diagnostics import Diagnostic
from infra_mcp_terraform.domain.documents import PlanDocument
from infra_mcp_terraform.domain.events import diagnostics_in
from infra_mcp_terraform.domain.plans import PlannedChanges, PlanRequest, SavedPlan
from infra_mcp_terraform.domain.risks import risks_of
from infra_mcp_terraform.transport import projects, saved_plans, states, terraform
from infra_mcp_terraform.transport.failures import explain
from infra_mcp_terraform.transport.progress import Progress
from infra_mcp_terraform.transport.projects import Project
from infra_mcp_terraform.transport.runs import Slot, claim

_Planned = tuple[PlanDocument, tuple[Diagnostic, ...]]


async def make(project: Project, request: PlanRequest, tool: str, timeout: float) -> SavedPlan:
    """Plan, save the plan, and note it as shown."""
    configuration = projects.fingerprint(project.directory, request.var_files)
    async with claim(project, tool) as slot:
        document, warnings = await _plan(slot, request, timeout)
        planned = _planned(project, document, warnings)
        record = saved_plans.save(slot.folder / "plan", project, request, configuration, planned)
        saved_plans.show(record, request)
        return replace(record, interrupted=slot.interrupted and slot.interrupted.masked(project.secrets))


async def compare(project: Project, timeout: float) -> tuple[tuple[Change, ...], tuple[Diagnostic, ...]]:
    """The changes that happened outside Terraform, and terraform's warnings."""
    async with claim(project, "detect_drift") as slot:
        document, warnings = await _plan(slot, PlanRequest(mode="refresh"), timeout)
        return changes_of(document.get("resource_drift", []), project.secrets), warnings


def _planned(project: Project, document: PlanDocument, warnings: tuple[Diagnostic, ...]) -> PlannedChanges:
    resources = document.get("resource_changes", [])
    return PlannedChanges(
        changes=changes_of(resources, project.secrets),
        risks=risks_of(resources, project.secrets),
        outputs=output_actions_of(document),
        drifted=len(document.get("resource_drift", [])),
        warnings=warnings,
    )


async def _plan(slot: Slot, request: PlanRequest, timeout: float) -> _Planned:
    project, saved = slot.project, slot.folder / "plan"
    project.learn_inputs(request.variables, request.var_files)
    progress = Progress(project.secrets)
    ended = await terraform.plan(slot, request, saved, timeout=timeout, on_event=progress.tell)
    if ended.exit_status not in (0, 2):
        await states.read_if_possible(project)
        raise explain("plan", ended, project.secrets)
    document = await states.read_plan(project, saved)
    return document, diagnostics_in(ended.events, project.secrets)
