"""The workspaces of a project."""

from infra_mcp_common.errors import NotFound
from infra_mcp_terraform.transport import terraform
from infra_mcp_terraform.transport.failures import check
from infra_mcp_terraform.transport.projects import Project
from infra_mcp_terraform.transport.runs import claim


async def names(project: Project) -> list[str]:
    """The names of the workspaces."""
    ended = await terraform.list_workspaces(project.directory)
    check("workspace list", ended, project.secrets)
    return [name for line in ended.stdout.splitlines() if (name := line.lstrip("* ").strip())]


async def select(project: Project, name: str, *, create: bool) -> None:
    """Select a workspace, which is made first where that is asked."""
    async with claim(project, "select_workspace") as slot:
        if not create and name not in (known := await names(project)):
            raise NotFound(f"There is no workspace {name}.", f"There are: {', '.join(known)}. create: true makes one.")
        check("workspace select", await terraform.select_workspace(slot, name, create=create), project.secrets)
