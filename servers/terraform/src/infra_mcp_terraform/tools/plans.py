"""Plans: making, reading, and comparing the state with what is really there."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.models import Action, Drift, Plan, PlanPage
from infra_mcp_terraform.domain.plan_request import PlanRequest
from infra_mcp_terraform.tools.parameters import (
    Addresses,
    Directory,
    Limit,
    Offset,
    Paths,
    PlanId,
    Timeout,
    Variables,
)
from infra_mcp_terraform.transport import planning, projects
from infra_mcp_terraform.transport import saved_plans as plans
from infra_mcp_terraform.transport.terraform import STOP_SECONDS


@tool("read", grace=STOP_SECONDS)
async def plan(
    directory: Directory,
    variables: Variables = None,
    var_files: Paths = None,
    targets: Addresses = None,
    replace: Addresses = None,
    destroy: Annotated[bool, Field(description="Plan to destroy everything")] = False,
    refresh: Annotated[bool, Field(description="Look at the real resources first")] = True,
    timeout: Timeout = 900,
) -> Plan:
    """Plan changes and save the plan: counts, risks, changed attributes, and the plan_id that apply takes.

    Nothing is changed. Deletes and replacements come first, with the attributes that force them. Sensitive values are
    masked. The plan can be applied while it is fresh and neither configuration nor state have changed.
    """
    project = projects.project(directory)
    request = PlanRequest(
        mode="destroy" if destroy else "apply",
        variables=variables or {},
        var_files=tuple(projects.files_in(project, var_files or [])),
        targets=tuple(targets or ()),
        replace=tuple(replace or ()),
        refresh=refresh,
    )
    return await planning.make(project, request, "plan", timeout)


@tool("read")
async def show_plan(
    directory: Directory,
    plan_id: PlanId = None,
    address: Annotated[str | None, Field(description="Only resources whose address contains this")] = None,
    action: Annotated[Action | None, Field(description="Only resources with this action")] = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> PlanPage:
    """Page through the changes of a saved plan, filtered by address or action."""
    project = projects.project(directory)
    chosen = plan_id or plans.last_shown(project, "apply")[0] or plans.last_shown(project, "destroy")[0]
    if chosen is None:
        raise NotFound(f"No plan has been shown for {project} yet.", "Call plan first.")
    record = plans.find(chosen, project)
    matching = [
        change
        for change in record.changes
        if (address is None or address in change.address) and action in (None, change.action)
    ]
    part, where = page(matching, offset, limit)
    return PlanPage(plan_id=record.plan_id, kind=record.kind, counts=record.counts, changes=part, page=where)


@tool("read", grace=STOP_SECONDS)
async def detect_drift(
    directory: Directory,
    offset: Offset = 0,
    limit: Limit = 50,
    timeout: Timeout = 900,
) -> Drift:
    """Compare the state with the real infrastructure and list what was changed outside Terraform."""
    project = projects.project(directory)
    drifted, warnings = await planning.compare(project, timeout)
    part, where = page(drifted, offset, limit)
    return Drift(
        directory=str(project),
        workspace=projects.workspace(project),
        in_sync=not drifted,
        drifted=part,
        page=where,
        warnings=warnings or None,
    )
