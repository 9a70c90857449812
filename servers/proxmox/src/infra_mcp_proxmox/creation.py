"""New guests: which node, which id, and what is sent."""

import re
from collections.abc import Iterable

from infra_mcp_common import call
from infra_mcp_common.errors import InvalidInput, Unreachable
from infra_mcp_proxmox import inventory
from infra_mcp_proxmox.api import Api, Params
from infra_mcp_proxmox.models import Change, Guest, Node
from infra_mcp_proxmox.refs import GuestType
from infra_mcp_proxmox.waiting import follow

_BACKUP = re.compile(r"[\w.-]+:.*(?:vzdump-(?P<file>lxc|qemu|openvz)-\d+-|backup/(?P<pbs>ct|vm)/\d+/).*")


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
    call.aim(str(number))
    upid = await api.create(place, kind, {"vmid": number, **given})
    return await follow(api, upid, timeout, Guest(vmid=number, name=name, type=kind, node=place, status="unknown"))


def kind_of_backup(volid: str) -> GuestType:
    """Whether a backup holds a VM or a container, by its name."""
    found = _BACKUP.fullmatch(volid)
    if found is None:
        raise InvalidInput(f"{volid!r} is no backup's volid.", "list_backups shows them, as storage:backup/vzdump-...")
    return "qemu" if "qemu" in (found["file"] or "") or found["pbs"] == "vm" else "lxc"


async def restore(
    api: Api,
    kind: GuestType,
    backup: str,
    vmid: int,
    node: str,
    storage: str | None,
    timeout: float,
    *,
    overwrite: bool,
) -> Change:
    call.aim(str(vmid))
    source = {"archive": backup} if kind == "qemu" else {"ostemplate": backup, "restore": True}
    given = {"vmid": vmid, **source, "storage": storage, "force": overwrite or None}
    upid = await api.create(node, kind, given)
    return await follow(api, upid, timeout, Guest(vmid=vmid, type=kind, node=node, status="unknown"))
