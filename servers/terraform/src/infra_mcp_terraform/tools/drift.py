"""Drift: the state compared with what is really there."""

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.changes import Change
from infra_mcp_terraform.answers.diagnostics import Diagnostic
from infra_mcp_terraform.answers.drift import Drift
from infra_mcp_terraform.tools.parameters import Directory, Limit, Offset, Timeout
from infra_mcp_terraform.transport import planning, projects
from infra_mcp_terraform.transport.program import STOP_SECONDS


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
        directory=str(project.directory),
        workspace=project.workspace,
        in_sync=not drifted,
        drifted=Change.all_of(part),
        page=where,
        warnings=Diagnostic.all_of(warnings) or None,
    )
