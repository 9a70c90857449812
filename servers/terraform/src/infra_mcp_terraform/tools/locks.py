"""The lock of the state."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.state import Unlocked
from infra_mcp_terraform.safety import previews
from infra_mcp_terraform.tools.parameters import Directory, Word
from infra_mcp_terraform.transport import projects, states

LockId = Annotated[Word, Field(description="Id of the lock, from the error about it")]


async def preview_unlock(directory: Directory, lock_id: LockId) -> Preview:
    return previews.unlock(projects.project(directory), lock_id)


@tool("destructive", preview=preview_unlock, timeout=120)
async def force_unlock(directory: Directory, lock_id: LockId) -> Unlocked:
    """Remove a lock that a dead run has left on the state; the error about the lock tells its id, holder and age."""
    project = projects.project(directory)
    await states.force_unlock(project, lock_id)
    return Unlocked(directory=str(project.directory), lock_id=lock_id, unlocked=True)
