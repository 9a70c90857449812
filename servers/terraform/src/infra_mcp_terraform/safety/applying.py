"""Applying a saved plan: exactly that one, or nothing."""

from infra_mcp_common.local_ids import marked
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_terraform.answers.applies import Applied
from infra_mcp_terraform.answers.plans import Plan
from infra_mcp_terraform.domain.plans import PlanKind, SavedPlan
from infra_mcp_terraform.safety.plan_checks import check, usable
from infra_mcp_terraform.transport import applying, planning, saved_plans
from infra_mcp_terraform.transport.projects import Project
from infra_mcp_terraform.transport.runs import claim


async def preview(project: Project, kind: PlanKind, plan_id: str | None, timeout: float) -> Preview:
    """The plan that a confirmed call would apply; made now where none is at hand. Changes nothing."""
    record = usable(project, kind, plan_id)
    if isinstance(record, SavedPlan):
        return _preview(record)
    return await _fresh(project, kind, timeout, why="")


async def carry_out(project: Project, kind: PlanKind, plan_id: str | None, timeout: float) -> Applied | Preview:
    """Apply the plan named, or the last one shown; where there is none, plan and show it, and change nothing."""
    record = usable(project, kind, plan_id)
    if isinstance(record, SavedPlan):
        return await _apply(project, record, timeout)
    return await _fresh(project, kind, timeout, why=f"Nothing has been changed: {record} ")


async def _fresh(project: Project, kind: PlanKind, timeout: float, why: str) -> Preview:
    request = saved_plans.last_shown(project.directory, kind)[1]
    return _preview(await planning.make(project, request, kind, timeout), why)


def _preview(record: SavedPlan, why: str = "") -> Preview:
    what = f"{record.planned.summary}, in workspace {record.workspace} of {record.directory}"
    return Preview(
        would=f"{why}This plan would be carried out: {what}.",
        now=Plan.of(record),
        confirm_with={"confirmed": True, "plan_id": marked(record.plan_id)},
    )


async def _apply(project: Project, record: SavedPlan, timeout: float) -> Applied:
    async with claim(project, record.kind) as slot:
        check(record, record.kind)
        return Applied.of(record, await applying.apply(slot, record, timeout))
