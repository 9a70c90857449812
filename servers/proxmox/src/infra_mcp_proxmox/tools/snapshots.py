"""Snapshots of guests."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.gate import Preview
from infra_mcp_common.tools import tool
from infra_mcp_proxmox import inventory, safeguards
from infra_mcp_proxmox.api import Api, Row
from infra_mcp_proxmox.connection import Proxmox
from infra_mcp_proxmox.models import Change, Snapshot, SnapshotList
from infra_mcp_proxmox.refs import GuestRef
from infra_mcp_proxmox.tools.parameters import Digest, GuestName, SnapshotName, Wait
from infra_mcp_proxmox.waiting import follow, moment


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
    description: str | None = None,
    with_memory: Annotated[bool, Field(description="Also save a running VM's memory")] = False,
    timeout: Wait = 300,
) -> Change:
    """Take a snapshot of a guest."""
    found = await inventory.find(api, guest)
    given = {"snapname": name, "description": description, "vmstate": with_memory or None}
    return await follow(api, await api.snapshot(inventory.ref(found), given), timeout, found)


async def preview_rollback(api: Proxmox, guest: GuestName, name: SnapshotName) -> Preview:
    return await _preview(api, guest, name, "Set {guest} back to snapshot %s; everything since then is lost")


@tool("destructive", preview=preview_rollback)
async def rollback_snapshot(
    api: Proxmox,
    guest: GuestName,
    name: SnapshotName,
    start: Annotated[bool, Field(description="Start the guest afterwards (PVE 8 and later)")] = False,
    digest: Digest = None,
    timeout: Wait = 300,
) -> Change:
    """Set a guest back to a snapshot; everything since then is lost."""
    found, _ = await safeguards.take(api, guest, digest)
    await _existing(api, inventory.ref(found), name)
    upid = await api.rollback(inventory.ref(found), name, {"start": start or None})
    return await follow(api, upid, timeout, found)


async def preview_delete_snapshot(api: Proxmox, guest: GuestName, name: SnapshotName) -> Preview:
    return await _preview(api, guest, name, "Delete snapshot %s of {guest}; its present state stays")


@tool("destructive", preview=preview_delete_snapshot)
async def delete_snapshot(
    api: Proxmox, guest: GuestName, name: SnapshotName, digest: Digest = None, timeout: Wait = 300
) -> Change:
    """Delete a snapshot; the guest's present state stays."""
    found, _ = await safeguards.take(api, guest, digest)
    await _existing(api, inventory.ref(found), name)
    return await follow(api, await api.delete_snapshot(inventory.ref(found), name), timeout, found)


async def _preview(api: Api, guest: int | str, name: str, would: str) -> Preview:
    found = await inventory.find(api, guest)
    row = await _existing(api, inventory.ref(found), name)
    return await safeguards.preview(api, guest, would % name, snapshot=_snapshot(row).model_dump())


async def _existing(api: Api, guest: GuestRef, name: str) -> Row:
    rows = {row["name"]: row for row in await api.snapshots(guest) if row.get("name") != "current"}
    if name not in rows:
        raise NotFound(f"{guest.vmid} has no snapshot {name!r}.", f"It has: {', '.join(rows) or 'none'}.")
    return rows[name]
