"""Snapshots of guests."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.answers.snapshots import SnapshotList
from infra_mcp_proxmox.safety import previews, removals
from infra_mcp_proxmox.tools.parameters import Digest, GuestName, SnapshotName, Wait
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("read")
async def list_snapshots(api: Proxmox, guest: GuestName) -> SnapshotList:
    """List a guest's snapshots."""
    found = await api.guests.find(guest)
    return SnapshotList.of(found, await api.snapshots.of(found))


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
    found = await api.guests.find(guest)
    upid = await api.snapshots.create(found, name, description, with_memory=with_memory)
    return Change.of(await api.tasks.wait(upid, timeout), found)


Start = Annotated[bool, Field(description="Start the guest afterwards (PVE 8 and later)")]


async def preview_rollback(api: Proxmox, guest: GuestName, name: SnapshotName, start: Start = False) -> Preview:
    return removals.rollback(await previews.find_state(api, guest), name, start=start)


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
    state = await previews.find_state(api, guest)
    previews.check(removals.rollback(state, name, start=start), digest)
    upid = await api.snapshots.rollback(state.guest, name, start=start)
    return Change.of(await api.tasks.wait(upid, timeout), state.guest)


async def preview_delete_snapshot(api: Proxmox, guest: GuestName, name: SnapshotName) -> Preview:
    return removals.snapshot_deletion(await previews.find_state(api, guest), name)


@tool("destructive", preview=preview_delete_snapshot)
async def delete_snapshot(
    api: Proxmox, guest: GuestName, name: SnapshotName, digest: Digest = None, timeout: Wait = 300
) -> Change:
    """Delete a snapshot; the guest's present state stays."""
    state = await previews.find_state(api, guest)
    previews.check(removals.snapshot_deletion(state, name), digest)
    upid = await api.snapshots.delete(state.guest, name)
    return Change.of(await api.tasks.wait(upid, timeout), state.guest)
