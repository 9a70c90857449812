"""Guests from backups."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.safety import previews, restores
from infra_mcp_proxmox.tools.parameters import Digest, OnNode, StorageName, Vmid, Wait
from infra_mcp_proxmox.transport.connection import Proxmox

Backup = Annotated[str, Field(description="volid of the backup, as list_backups shows it")]
RestoredId = Annotated[Vmid, Field(description="Id of the restored guest")]
DiskStorage = Annotated[StorageName | None, Field(description="For its disks; the original ones without it")]
Overwrite = Annotated[bool, Field(description="Replace the guest that has this id now")]


async def preview_restore(
    api: Proxmox,
    backup: Backup,
    vmid: RestoredId,
    storage: DiskStorage = None,
    node: OnNode = None,
    overwrite: Overwrite = False,
) -> Preview:
    return (await restores.plan(api, backup, vmid, storage, node, overwrite=overwrite)).preview


@tool("destructive", preview=preview_restore)
async def restore_backup(
    api: Proxmox,
    backup: Backup,
    vmid: RestoredId,
    storage: DiskStorage = None,
    node: OnNode = None,
    overwrite: Overwrite = False,
    digest: Digest = None,
    timeout: Wait = 1800,
) -> Change:
    """Restore a VM or container from a backup, as a new guest or over an existing one."""
    plan = await restores.plan(api, backup, vmid, storage, node, overwrite=overwrite)
    previews.check(plan.preview, digest)
    upid = await api.guests.restore(plan.target, plan.backup, plan.storage, overwrite=plan.replaces)
    return Change.of(await api.tasks.wait(upid, timeout), plan.target)
