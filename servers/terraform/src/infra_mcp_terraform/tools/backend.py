"""Making a directory ready, and the backend that keeps its state."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.configuration import Initialised
from infra_mcp_terraform.safety import previews
from infra_mcp_terraform.tools.parameters import Directory, Paths, Timeout
from infra_mcp_terraform.transport import configurations, projects
from infra_mcp_terraform.transport.program import STOP_SECONDS
from infra_mcp_terraform.transport.terraform import Backend

State = Annotated[
    Literal["migrate", "leave_behind"],
    Field(description="migrate copies the state to the new backend, over what it holds; leave_behind does not"),
]


@tool("write", grace=STOP_SECONDS)
async def init(
    directory: Directory,
    upgrade: Annotated[bool, Field(description="Take newer providers and modules than the lock file names")] = False,
    backend_files: Paths = None,
    timeout: Timeout = 600,
) -> Initialised:
    """Make a directory ready: backend, modules and providers.

    Where the configuration names another backend than before, it stops; change_backend goes on.
    """
    project = projects.configured(directory)
    versions, warnings = await configurations.init(
        project, None, upgrade=upgrade, backend_files=backend_files or [], timeout=timeout
    )
    return Initialised.of(project.directory, versions, warnings)


async def preview_backend(directory: Directory, state: State) -> Preview:
    return previews.change_of_backend(projects.project(directory), migrate=state == "migrate")


@tool("destructive", preview=preview_backend, grace=STOP_SECONDS)
async def change_backend(
    directory: Directory, state: State, backend_files: Paths = None, timeout: Timeout = 600
) -> Initialised:
    """Switch a directory to the backend that its configuration now names, with the state or without it."""
    project = projects.project(directory)
    backend: Backend = "migrate" if state == "migrate" else "reconfigure"
    versions, warnings = await configurations.init(
        project, backend, upgrade=False, backend_files=backend_files or [], timeout=timeout
    )
    return Initialised.of(project.directory, versions, warnings)
