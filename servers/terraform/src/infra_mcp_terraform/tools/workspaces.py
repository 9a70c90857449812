"""Workspaces."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.workspaces import Selected, Workspaces
from infra_mcp_terraform.tools.parameters import Directory, Word
from infra_mcp_terraform.transport import projects, workspaces


@tool("read", timeout=130)
async def list_workspaces(directory: Directory) -> Workspaces:
    """List the workspaces of a directory and say which one is selected."""
    project = projects.project(directory)
    names = await workspaces.names(project)
    return Workspaces(directory=str(project.directory), current=project.workspace, workspaces=names)


@tool("write", timeout=260)
async def select_workspace(
    directory: Directory,
    name: Annotated[Word, Field(description="Name of the workspace")],
    create: Annotated[bool, Field(description="Make the workspace if it is not there")] = False,
) -> Selected:
    """Select the workspace that later calls in this directory work on; plans made in another one are refused."""
    project = projects.project(directory)
    previous = project.workspace
    await workspaces.select(project, name, create=create)
    return Selected(directory=str(project.directory), workspace=project.workspace, previous=previous)
