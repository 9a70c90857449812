"""New guests: which node, which id, and what is sent."""

from collections.abc import Iterable

from infra_mcp_common.errors import Unreachable
from infra_mcp_common.tool_calls import call_context
from infra_mcp_proxmox.answers.guests import Change, Guest, Node
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.guest import GuestType
from infra_mcp_proxmox.safety import previews as safeguards
from infra_mcp_proxmox.transport.api import Api, Params
from infra_mcp_proxmox.transport.tasks import follow


def roomiest(nodes: Iterable[Node]) -> str:
    """The online node with most free memory, as far as the token may see that."""
    online = [node for node in nodes if node.status == "online"]
    if not online:
        raise Unreachable("No node is online.", "get_cluster_status shows what is known.")
    return max(online, key=lambda node: (node.memory_total or 0) - (node.memory_used or 0)).node


async def make(
    api: Api, kind: GuestType, name: str, given: Params, vmid: int | None, node: str | None, timeout: float
) -> Change:
    seen = await inventory.take(api)
    place = seen.node(node).node if node else roomiest(seen.nodes)
    number = await api.next_id(vmid)
    call_context.check_target(str(number))
    safeguards.check_owners(seen, given, number)
    upid = await api.create(place, kind, {"vmid": number, **given})
    return await follow(api, upid, timeout, Guest(vmid=number, name=name, type=kind, node=place, status="unknown"))
