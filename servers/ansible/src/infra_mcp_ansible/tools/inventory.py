"""What the inventory says, without connecting to any host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.inventory import HostVars, Inventory
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport import inspection
from infra_mcp_ansible.transport.projects import find_project
from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def list_inventory(
    inventory: p.Inventory = None, pattern: p.Pattern = "all", offset: p.Offset = 0, limit: p.Limited = 200
) -> Inventory:
    """List the hosts of an inventory that match a pattern, with their groups, and how the groups contain each other."""
    project = find_project(inventory)
    found = await inspection.hosts(project, pattern, Options())
    shown, listed = page(list(found.hosts), offset, limit)
    return Inventory.of(project, found, shown, listed)


@tool("read")
async def get_host_vars(
    host: Annotated[str, Field(min_length=1, description="Name of one host of the inventory")],
    inventory: p.Inventory = None,
    offset: p.Offset = 0,
    limit: p.Limited = 100,
) -> HostVars:
    """Show the variables of a host as the inventory and its group_vars and host_vars give them, secrets masked."""
    found = await inspection.hosts(find_project(inventory), host, Options(), variables=True)
    if list(found.hosts) != [host]:
        raise InvalidInput("That matches more than one host, or a group.", "Give the name of one host.")
    shown, listed = page(sorted(found.variables[host]), offset, limit)
    return HostVars.of(found, host, shown, listed)
