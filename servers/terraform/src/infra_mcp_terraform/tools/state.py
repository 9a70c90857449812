"""The resources of the state."""

import difflib
from collections import Counter
from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_terraform.answers.state import Addresses, Resource, State
from infra_mcp_terraform.tools.parameters import Directory, Limit, Offset
from infra_mcp_terraform.transport import projects, states

Contains = Annotated[str | None, Field(description="Only resources whose address contains this")]


@tool("read", timeout=330)
async def show(
    directory: Directory,
    address: Contains = None,
    type: Annotated[str | None, Field(description="Only resources of this type")] = None,  # noqa: A002 -- the field's own word
    offset: Offset = 0,
    limit: Limit = 20,
) -> State:
    """Show the resources of the state with their attributes, sensitive values masked."""
    project = projects.project(directory)
    state = await states.read(project)
    matching = [item for item in state.resources if (address or "") in item.address and type in (None, item.type)]
    part, where = page(matching, offset, limit)
    return State(
        directory=str(project.directory),
        workspace=project.workspace,
        terraform_version=state.terraform_version,
        types=dict(Counter(item.type for item in matching)),
        resources=[Resource.of(item.shortened()) for item in part],
        outputs=sorted(state.outputs),
        page=where,
    )


@tool("read", timeout=130)
async def state_list(
    directory: Directory, address: Contains = None, offset: Offset = 0, limit: Limit = 200
) -> Addresses:
    """List the addresses of the resources in the state."""
    project = projects.project(directory)
    listed = [one for one in await states.addresses(project) if (address or "") in one]
    part, where = page(listed, offset, limit)
    return Addresses(directory=str(project.directory), workspace=project.workspace, addresses=part, page=where)


@tool("read", timeout=330)
async def state_show(
    directory: Directory, address: Annotated[str, Field(description="As state_list gives it")]
) -> Resource:
    """Show one resource of the state with all its attributes, sensitive values masked."""
    project = projects.project(directory)
    listed = {item.address: item for item in (await states.read(project)).resources}
    if address not in listed:
        near = difflib.get_close_matches(address, listed, 3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "state_list lists what is there."
        raise NotFound(f"No resource {address} is in the state of {project.directory}.", hint)
    return Resource.of(listed[address])
