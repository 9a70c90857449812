"""Workspaces."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.models import Selected, Workspaces
from infra_mcp_terraform.domain.secrets import secrets_of
from infra_mcp_terraform.tools.parameters import Directory, Word
from infra_mcp_terraform.transport import projects, runs
from infra_mcp_terraform.transport import terraform as cli
from infra_mcp_terraform.transport.failures import explain


@tool("read", timeout=130)
async def list_workspaces(directory: Directory) -> Workspaces:
    """List the workspaces of a directory and say which one is selected."""
    project = projects.project(directory)
    return Workspaces(directory=str(project), current=projects.workspace(project), workspaces=await _listed(project))


@tool("write", timeout=260)
async def select_workspace(
    directory: Directory,
    name: Annotated[Word, Field(description="Name of the workspace")],
    create: Annotated[bool, Field(description="Make the workspace if it is not there")] = False,
) -> Selected:
    """Select the workspace that later calls in this directory work on; plans made in another one are refused."""
    project = projects.project(directory)
    previous = projects.workspace(project)
    async with runs.claim(project, "select_workspace") as slot:
        if not create and name not in (known := await _listed(project)):
            raise NotFound(f"There is no workspace {name}.", f"There are: {', '.join(known)}. create: true makes one.")
        ended = await cli.select_workspace(slot, name, create=create)
        if ended.exit_status != 0:
            raise explain("workspace select", ended, secrets_of(project))
    return Selected(directory=str(project), workspace=projects.workspace(project), previous=previous)


async def _listed(project: Path) -> list[str]:
    ended = await cli.list_workspaces(project)
    if ended.exit_status != 0:
        raise explain("workspace list", ended, secrets_of(project))
    return [name for line in ended.stdout.splitlines() if (name := line.lstrip("* ").strip())]
