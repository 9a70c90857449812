"""States and plans as terraform prints them in JSON: with secrets in clear, which are known as such afterwards."""

from pathlib import Path

from infra_mcp_common.errors import InfraError
from infra_mcp_terraform.domain.documents import PlanDocument, StateDocument
from infra_mcp_terraform.domain.sensitivity import sensitive_in_plan, sensitive_in_state
from infra_mcp_terraform.domain.states import State, state_of
from infra_mcp_terraform.transport import terraform
from infra_mcp_terraform.transport.failures import check
from infra_mcp_terraform.transport.projects import Project
from infra_mcp_terraform.transport.runs import claim


async def read(project: Project) -> State:
    """The state of the selected workspace."""
    ended = await terraform.show(project.directory)
    check("show", ended, project.secrets)
    document: StateDocument = ended.document
    project.secrets.learn(sensitive_in_state(document))
    return state_of(document, project.secrets)


async def read_if_possible(project: Project) -> State:
    """The state, or an empty one where it can't be read."""
    try:
        return await read(project)
    except InfraError:
        return State()


async def read_plan(project: Project, saved: Path) -> PlanDocument:
    """A saved plan."""
    ended = await terraform.show(project.directory, saved)
    check("show", ended, project.secrets)
    document: PlanDocument = ended.document
    project.secrets.learn(sensitive_in_plan(document))
    return document


async def addresses(project: Project) -> list[str]:
    """The addresses of the resources in the state."""
    ended = await terraform.list_state(project.directory)
    if "No state file was found" not in ended.stderr:
        check("state list", ended, project.secrets)
    return [project.secrets.mask_address(line) for line in ended.stdout.splitlines() if line]


async def force_unlock(project: Project, lock_id: str) -> None:
    """Remove the lock from the state."""
    async with claim(project, "force_unlock") as slot:
        check("force-unlock", await terraform.force_unlock(slot, lock_id), project.secrets)
