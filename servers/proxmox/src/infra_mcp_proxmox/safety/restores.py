"""Guests from backups: as new ones, or over those that are there."""

import re
from dataclasses import dataclass

from infra_mcp_common.errors import Conflict, InvalidInput
from infra_mcp_common.tool_calls import call_context
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_proxmox.answers.guests import Change, Guest
from infra_mcp_proxmox.domain import placement as creation
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.affected_guests import owners
from infra_mcp_proxmox.domain.guest import GuestRef, GuestType
from infra_mcp_proxmox.safety import previews as safeguards
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.tasks import follow

_BACKUP = re.compile(r"[\w.-]+:.*(?:vzdump-(?P<file>lxc|qemu|openvz)-\d+-|backup/(?P<pbs>ct|vm)/\d+/).*")


@dataclass(frozen=True)
class Restoration:
    """What would be restored, where. replaces: a guest has that id now and goes."""

    backup: str
    target: GuestRef
    storage: str | None
    replaces: bool
    preview: Preview


async def plan(
    api: Api, backup: str, vmid: int, storage: str | None, node: str | None, *, overwrite: bool
) -> Restoration:
    """Find out what a restore would do; Conflict where the id is taken and must not be."""
    kind = kind_of_backup(backup)
    seen = await inventory.take(api)
    inventory.aim_all(seen, owners({"backup": backup}))
    there = seen.find(vmid) if any(guest.vmid == vmid for guest in seen.guests) else None
    if there and overwrite:
        return await _over(api, there, backup, kind, storage)
    if there or not await api.is_free(vmid):
        hidden = "" if there else " by a guest that this token can't see (VM.Audit)"
        raise Conflict(f"{vmid} is taken{hidden}.", "Choose another id (get_next_id), or overwrite it on purpose.")
    call_context.check_target(str(vmid))
    return _anew(GuestRef(vmid, kind, node or creation.roomiest(seen.nodes)), backup, storage)


async def _over(api: Api, guest: Guest, backup: str, kind: GuestType, storage: str | None) -> Restoration:
    seen = await safeguards.sight(api, guest)
    seen.refuse_if_flagged()
    preview = seen.preview(f"Replace {seen}, disks and snapshots included, by {backup}{_onto(storage)}")
    return Restoration(backup, GuestRef(guest.vmid, kind, guest.node), storage, replaces=True, preview=preview)


def _anew(target: GuestRef, backup: str, storage: str | None) -> Restoration:
    would = f"Restore {backup} as a new {target.label} on {target.node}{_onto(storage)}"
    # Which node has most room may change, so the one that was shown is the one to confirm.
    preview = safeguards.preview(would, {"id_taken": False}, node=target.node)
    return Restoration(backup, target, storage, replaces=False, preview=preview)


def _onto(storage: str | None) -> str:
    return f", onto storage {storage}" if storage else ""


async def carry_out(api: Api, planned: Restoration, timeout: float) -> Change:
    target = planned.target
    source = {"archive": planned.backup} if target.type == "qemu" else {"ostemplate": planned.backup, "restore": True}
    given = {"vmid": target.vmid, **source, "storage": planned.storage, "force": planned.replaces or None}
    upid = await api.create(target.node, target.type, given)
    return await follow(
        api, upid, timeout, Guest(vmid=target.vmid, type=target.type, node=target.node, status="unknown")
    )


def kind_of_backup(volid: str) -> GuestType:
    """Whether a backup holds a VM or a container, by its name."""
    found = _BACKUP.fullmatch(volid)
    if found is None:
        raise InvalidInput(f"{volid!r} is no backup's volid.", "list_backups shows them, as storage:backup/vzdump-...")
    return "qemu" if "qemu" in (found["file"] or "") or found["pbs"] == "vm" else "lxc"
