"""Plans: making and reading them."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.plans import Plan, PlanPage
from infra_mcp_terraform.domain.changes import Action
from infra_mcp_terraform.domain.plans import PlanRequest
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
from infra_mcp_terraform.transport import planning, projects, saved_plans
from infra_mcp_terraform.transport.program import STOP_SECONDS


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
        var_files=tuple(project.files(var_files or [])),
        targets=tuple(targets or ()),
        replace=tuple(replace or ()),
        refresh=refresh,
    )
    return Plan.of(await planning.make(project, request, "plan", timeout))


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
    project = projects.project(directory).directory
    chosen = plan_id or saved_plans.last_shown(project, "apply")[0] or saved_plans.last_shown(project, "destroy")[0]
    if chosen is None:
        raise NotFound(f"No plan has been shown for {project} yet.", "Call plan first.")
    record = saved_plans.find(chosen, project)
    matching = [
        change
        for change in record.planned.changes
        if (address is None or address in change.address) and action in (None, change.action)
    ]
    return PlanPage.of(record, *page(matching, offset, limit))
