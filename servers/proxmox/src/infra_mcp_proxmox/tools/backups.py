"""Backups of guests."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Change, VolumeList
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.tools.parameters import GuestName, Limit, Offset, StorageName, Wait
from infra_mcp_proxmox.transport import volumes
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.tasks import follow


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
    found = await inventory.find(api, guest)
    given = {
        "vmid": found.vmid,
        "storage": storage,
        "mode": mode,
        "compress": "zstd",
        "remove": False,
        "notes-template": notes.replace("\\", "\\\\").replace("\n", "\\n") if notes else None,
    }
    return await follow(api, await api.backup(found.node, given), timeout, found)


@tool("read")
async def list_backups(
    api: Proxmox,
    guest: Annotated[GuestName | None, Field(description="Only of this guest, by id or name")] = None,
    storage: Annotated[str | None, Field(description="Only on this storage")] = None,
    offset: Offset = 0,
    limit: Limit = 100,
) -> VolumeList:
    """List backups on all storages that hold some, the newest first."""
    seen = await inventory.take(api)
    vmid = None if guest is None else inventory.as_id(guest) or seen.find(guest).vmid
    found, unread = await volumes.gather(api, seen, "backup", storage, vmid)
    found.sort(key=lambda volume: volume.created or "", reverse=True)
    part, where = page(found, offset, limit)
    return VolumeList(**where.model_dump(), volumes=part, unread=unread)
