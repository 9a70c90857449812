"""Snapshots of guests."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Change, Snapshot, SnapshotList
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.safety import previews as safeguards
from infra_mcp_proxmox.safety.previews import Sight
from infra_mcp_proxmox.tools.parameters import Digest, GuestName, SnapshotName, Wait
from infra_mcp_proxmox.transport.api import Row
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.tasks import follow, moment


@tool("read")
async def list_snapshots(api: Proxmox, guest: GuestName) -> SnapshotList:
    """List a guest's snapshots."""
    found = await inventory.find(api, guest)
    rows = await api.snapshots(inventory.ref(found))
    current = next((row for row in rows if row.get("name") == "current"), {})
    known = [_snapshot(row) for row in rows if row.get("name") != "current"]
    return SnapshotList(vmid=found.vmid, snapshots=known, current_parent=current.get("parent"))


def _snapshot(row: Row) -> Snapshot:
    return Snapshot(
        name=row["name"],
        description=row.get("description") or None,
        time=moment(row.get("snaptime")),
        parent=row.get("parent"),
        with_memory=bool(row.get("vmstate")) or None,
    )


@tool("write")
async def create_snapshot(
    api: Proxmox,
    guest: GuestName,
    name: SnapshotName,
    description: Annotated[str | None, Field(description="A note kept with it")] = None,
    with_memory: Annotated[bool, Field(description="Also save a running VM's memory")] = False,
    timeout: Wait = 300,
) -> Change:
    """Take a snapshot of a guest."""
    found = await inventory.find(api, guest)
    given = {"snapname": name, "description": description, "vmstate": with_memory or None}
    return await follow(api, await api.snapshot(inventory.ref(found), given), timeout, found)


Start = Annotated[bool, Field(description="Start the guest afterwards (PVE 8 and later)")]


async def preview_rollback(api: Proxmox, guest: GuestName, name: SnapshotName, start: Start = False) -> Preview:
    return _rollback(await safeguards.look(api, guest), name, start=start)


@tool("destructive", preview=preview_rollback)
async def rollback_snapshot(
    api: Proxmox,
    guest: GuestName,
    name: SnapshotName,
    start: Start = False,
    digest: Digest = None,
    timeout: Wait = 300,
) -> Change:
    """Set a guest back to a snapshot; everything since then is lost."""
    seen = await safeguards.look(api, guest)
    safeguards.check(_rollback(seen, name, start=start), digest)
    upid = await api.rollback(seen.ref, name, {"start": start or None})
    return await follow(api, upid, timeout, seen.guest)


async def preview_delete_snapshot(api: Proxmox, guest: GuestName, name: SnapshotName) -> Preview:
    return _deletion(await safeguards.look(api, guest), name)


@tool("destructive", preview=preview_delete_snapshot)
async def delete_snapshot(
    api: Proxmox, guest: GuestName, name: SnapshotName, digest: Digest = None, timeout: Wait = 300
) -> Change:
    """Delete a snapshot; the guest's present state stays."""
    seen = await safeguards.look(api, guest)
    safeguards.check(_deletion(seen, name), digest)
    return await follow(api, await api.delete_snapshot(seen.ref, name), timeout, seen.guest)


def _rollback(seen: Sight, name: str, *, start: bool) -> Preview:
    then = ", then start it" if start else ""
    would = f"Set {seen} back to snapshot {name}{then}; everything since then is lost"
    return seen.preview(would, snapshot=_existing(seen, name).model_dump())


def _deletion(seen: Sight, name: str) -> Preview:
    would = f"Delete snapshot {name} of {seen}; its present state stays"
    return seen.preview(would, snapshot=_existing(seen, name).model_dump())


def _existing(seen: Sight, name: str) -> Snapshot:
    rows = {row["name"]: row for row in seen.snapshots}
    if name not in rows:
        raise NotFound(f"{seen.guest.vmid} has no snapshot {name!r}.", f"It has: {', '.join(rows) or 'none'}.")
    return _snapshot(rows[name])
