"""Guests from backups: as new ones, or over those that are there."""

from dataclasses import dataclass

from infra_mcp_common.errors import Conflict
from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_proxmox.domain.affected_guests import owners
from infra_mcp_proxmox.domain.guest import Guest, GuestRef, GuestType
from infra_mcp_proxmox.domain.node import with_most_free_memory
from infra_mcp_proxmox.domain.storage import guest_type_of_backup
from infra_mcp_proxmox.safety.previews import preview, state_of
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.api import Api


@dataclass(frozen=True)
class Restore:
    """What would be restored, where. replaces: a guest has that id now and goes."""

    backup: str
    target: GuestRef
    storage: str | None
    replaces: bool
    preview: Preview


async def plan(api: Api, backup: str, vmid: int, storage: str | None, node: str | None, *, overwrite: bool) -> Restore:
    """Find out what a restore would do; Conflict where the id is taken and must not be."""
    type_ = guest_type_of_backup(backup)
    resources = await api.cluster.resources()
    targets.guests_of(resources, owners({"backup": backup}))
    there = targets.guest(resources, vmid) if resources.guests_of({str(vmid)}) else None
    if there and overwrite:
        return await _over(api, there, backup, type_, storage)
    if there or not await api.cluster.is_free(vmid):
        hidden = "" if there else " by a guest that this token can't see (VM.Audit)"
        raise Conflict(f"{vmid} is taken{hidden}.", "Choose another id (get_next_id), or overwrite it on purpose.")
    check_target(str(vmid))
    return _as_new(GuestRef(vmid, type_, node or with_most_free_memory(resources.nodes)), backup, storage)


async def _over(api: Api, guest: Guest, backup: str, type_: GuestType, storage: str | None) -> Restore:
    state = await state_of(api, guest)
    state.refuse_if_flagged()
    shown = state.preview(f"Replace {state}, disks and snapshots included, by {backup}{_onto(storage)}")
    return Restore(backup, GuestRef(guest.vmid, type_, guest.node), storage, replaces=True, preview=shown)


def _as_new(target: GuestRef, backup: str, storage: str | None) -> Restore:
    would = f"Restore {backup} as a new {target.label} on {target.node}{_onto(storage)}"
    # Which node has most room may change, so the one that was shown is the one to confirm.
    shown = preview(would, {"id_taken": False}, node=target.node)
    return Restore(backup, target, storage, replaces=False, preview=shown)


def _onto(storage: str | None) -> str:
    return f", onto storage {storage}" if storage else ""
