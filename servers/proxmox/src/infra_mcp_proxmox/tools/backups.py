"""Backups of guests."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.answers.storage import VolumeList
from infra_mcp_proxmox.domain.guest import parse_vmid
from infra_mcp_proxmox.tools.parameters import GuestName, Limit, Offset, StorageName, Wait
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("write")
async def backup_guest(
    api: Proxmox,
    guest: GuestName,
    storage: StorageName,
    mode: Annotated[
        Literal["snapshot", "suspend", "stop"], Field(description="snapshot keeps it running; stop is most consistent")
    ] = "snapshot",
    notes: Annotated[str | None, Field(max_length=1024, description="Kept with the backup")] = None,
    timeout: Wait = 1800,
) -> Change:
    """Back a guest up to a storage."""
    found = await api.guests.find(guest)
    upid = await api.storage.backup(found, storage, mode, notes)
    return Change.of(await api.tasks.wait(upid, timeout), found)


@tool("read")
async def list_backups(
    api: Proxmox,
    guest: Annotated[GuestName | None, Field(description="Only of this guest, by id or name")] = None,
    storage: Annotated[str | None, Field(description="Only on this storage")] = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> VolumeList:
    """List backups on all storages that hold some, the newest first."""
    resources = await api.cluster.resources()
    vmid = None if guest is None else parse_vmid(guest) or targets.guest(resources, guest).vmid
    found, unread = await api.storage.content_everywhere(resources, "backup", storage, vmid)
    found.sort(key=lambda volume: volume.created or 0, reverse=True)
    part, where = page(found, offset, limit)
    return VolumeList.of(part, where, unread)
