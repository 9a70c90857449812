"""What a call acts on, by the operator's target lists: checked wherever a node or a guest is looked up."""

from collections.abc import Set as AbstractSet

from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_proxmox.domain.guest import Guest, GuestType
from infra_mcp_proxmox.domain.node import Node
from infra_mcp_proxmox.domain.resources import ClusterResources


def node(resources: ClusterResources, name: str) -> Node:
    """The node of this name, if the running call may reach it."""
    found = resources.node(name)
    check_target(name)
    return found


def guest(resources: ClusterResources, wanted: int | str, only: GuestType | None = None) -> Guest:
    """The guest with this id or name, if the running call may reach it. only: the type it must be of."""
    found = resources.guest(wanted)
    check_guest(found)
    found.require_type(only)
    return found


def guests_of(resources: ClusterResources, ids: AbstractSet[str]) -> list[Guest]:
    """The guests of these ids, if the running call may reach them all, those that the token doesn't see included."""
    known = resources.guests_of(ids)
    for each in known:
        check_guest(each)
    for unseen in sorted(ids - {str(each.vmid) for each in known}):
        check_target(unseen)
    return known


def check_guest(found: Guest) -> None:
    """Note the guest as what the running call acts on; the operator's lists may name it by id or by name."""
    check_target(str(found.vmid), *([found.name] if found.name else []))
