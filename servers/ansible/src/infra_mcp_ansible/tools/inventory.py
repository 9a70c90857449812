"""What the inventory says, without connecting to any host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.runs import Group, Host, HostVars, Inventory
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport import inspection
from infra_mcp_ansible.transport.projects import place
from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def list_inventory(
    inventory: p.Inventory = None, pattern: p.Pattern = "all", offset: p.Offset = 0, limit: p.Limited = 200
) -> Inventory:
    """List the hosts of an inventory that match a pattern, with their groups, and how the groups contain each other."""
    where = place(inventory)
    answer = await inspection.hosts(where, pattern)
    part, listed = page(list(answer["hosts"].items()), offset, limit)
    shown = {name for name, _ in part}
    return Inventory(
        inventory=str(where.inventory) if where.inventory else None,
        hosts=[Host(name=name, groups=groups) for name, groups in part],
        groups=[
            Group(
                name=name, hosts=[host for host in group["hosts"] if host in shown], children=group["children"] or None
            )
            for name, group in answer["groups"].items()
            if group["hosts"] or group["children"]
        ],
        page=listed,
        warnings=answer["warnings"] or None,
    )


@tool("read")
async def get_host_vars(
    host: Annotated[str, Field(min_length=1, description="Name of one host of the inventory")],
    inventory: p.Inventory = None,
    offset: p.Offset = 0,
    limit: p.Limited = 100,
) -> HostVars:
    """Show the variables of a host as the inventory and its group_vars and host_vars give them, secrets masked."""
    answer = await inspection.hosts(place(inventory), host, values=True)
    if list(answer["hosts"]) != [host]:
        raise InvalidInput("That matches more than one host, or a group.", "Give the name of one host.")
    part, listed = page(sorted(answer["vars"][host].items()), offset, limit)
    return HostVars(
        host=host,
        groups=answer["hosts"][host],
        variables=dict(part),
        page=listed,
        warnings=answer["warnings"] or None,
    )
