"""Where a new guest goes, and that it takes nothing from others."""

from collections.abc import Mapping

from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_proxmox.domain.guest import GuestRef, GuestType
from infra_mcp_proxmox.domain.node import with_most_free_memory
from infra_mcp_proxmox.safety.protection import check_owners
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.api import Api


async def place(
    api: Api, type_: GuestType, name: str, options: Mapping[str, object], vmid: int | None, node: str | None
) -> GuestRef:
    """The guest that these options would make. vmid, node: the next free id and the node with most room without."""
    resources = await api.cluster.resources()
    chosen = targets.node(resources, node).name if node else with_most_free_memory(resources.nodes)
    number = await api.cluster.next_id(vmid)
    check_target(str(number))
    check_owners(resources, options, number)
    return GuestRef(number, type_, chosen, name)
