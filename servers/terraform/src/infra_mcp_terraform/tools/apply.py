"""Carrying out plans."""

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.applies import Applied
from infra_mcp_terraform.safety import applying
from infra_mcp_terraform.tools.parameters import Directory, PlanId, Timeout
from infra_mcp_terraform.transport import projects
from infra_mcp_terraform.transport.program import STOP_SECONDS


async def preview_apply(
    directory: Directory,
    plan_id: PlanId = None,
    timeout: Timeout = 3600,
) -> Preview:
    project = projects.project(directory)
    return await applying.preview(project, "apply", plan_id, timeout)


@tool("destructive", preview=preview_apply, grace=STOP_SECONDS)
async def apply(
    directory: Directory,
    plan_id: PlanId = None,
    timeout: Timeout = 3600,
) -> Applied | Preview:
    """Apply exactly a saved plan: the one named, or the last one shown for this directory.

    Without a plan that was shown, or without confirmed: true, it plans, shows the plan and changes nothing. A plan that
    is stale, expired, altered, or made for another directory, workspace or configuration is refused. At the timeout
    and on cancellation terraform is interrupted so that it saves the state and releases the lock.
    """
    project = projects.project(directory)
    return await applying.carry_out(project, "apply", plan_id, timeout)


async def preview_destroy(
    directory: Directory,
    plan_id: PlanId = None,
    timeout: Timeout = 3600,
) -> Preview:
    project = projects.project(directory)
    return await applying.preview(project, "destroy", plan_id, timeout)


@tool("destructive", preview=preview_destroy, grace=STOP_SECONDS)
async def destroy(
    directory: Directory,
    plan_id: PlanId = None,
    timeout: Timeout = 3600,
) -> Applied | Preview:
    """Destroy what a saved destroy plan lists: the one named, or the last one shown for this directory.

    Without such a plan, or without confirmed: true, it makes one, shows it and changes nothing.
    """
    project = projects.project(directory)
    return await applying.carry_out(project, "destroy", plan_id, timeout)
