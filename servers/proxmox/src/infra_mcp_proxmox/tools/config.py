"""Changing a guest's configuration and disks."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change, ConfigChange
from infra_mcp_proxmox.domain.config import Option, check_change, disks_of, encoded
from infra_mcp_proxmox.safety import protection
from infra_mcp_proxmox.tools.parameters import GuestName, Wait
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("write")
async def update_guest_config(
    api: Proxmox,
    guest: GuestName,
    set: Annotated[  # noqa: A002 -- what it does
        dict[str, Option], Field(description="Options and their new values, as Proxmox VE names them")
    ]
    | None = None,
    remove: Annotated[list[str], Field(description="Options to set back to their default")] | None = None,
    digest: Annotated[str | None, Field(description="Only if the configuration still has this digest")] = None,
) -> ConfigChange:
    """Change options of a guest: cores, memory, tags, description, onboot, net0, cmode and others."""
    wanted, gone = set or {}, remove or []
    check_change({*wanted}, gone)
    resources = await api.cluster.resources()
    found = targets.guest(resources, guest)
    protection.check_config_change(resources, found, wanted, gone)
    await api.guests.change_config(found, encoded(wanted), gone, digest)
    pending, config = await api.guests.pending(found), await api.guests.config(found)
    return ConfigChange.of(found, {*wanted, *gone}, pending, config["digest"])


@tool("write")
async def resize_disk(
    api: Proxmox,
    guest: GuestName,
    disk: Annotated[str, Field(pattern=r"^[a-z]+\d*$", description="As scsi0, virtio0, rootfs, mp0")],
    size: Annotated[
        str, Field(pattern=r"^\+?\d+(\.\d+)?[KMGT]$", description="New size as 64G, or what to add as +16G")
    ],
    timeout: Wait = 120,
) -> Change:
    """Grow a guest's disk; shrinking is not possible."""
    found = await api.guests.find(guest)
    there = disks_of(await api.guests.config(found))
    if disk not in there:
        raise InvalidInput(f"{found.vmid} has no disk {disk}.", f"It has: {', '.join(there) or 'none'}.")
    upid = await api.guests.resize(found, disk, size)
    return Change.of(await api.tasks.wait(upid, timeout), found)
