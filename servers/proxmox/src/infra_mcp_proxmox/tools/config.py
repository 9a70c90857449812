"""Changing a guest's configuration and disks."""

import re
from typing import Annotated
from urllib.parse import quote, unquote

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, Refused
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Change, ConfigChange
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.disks import disks_of
from infra_mcp_proxmox.safety import previews as safeguards
from infra_mcp_proxmox.tools.parameters import GuestName, Wait
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.tasks import follow

# What protects a guest; changing it would open the way to all that is refused.
_GUARDING = {"tags", "protection"}
_NOT_OPTIONS = {"vmid", "node", "digest", "delete", "revert", "force", "skiplock", "lock", "background_delay"}


@tool("write")
async def update_guest_config(
    api: Proxmox,
    guest: GuestName,
    set: Annotated[  # noqa: A002 -- what it does
        dict[str, str | int | bool], Field(description="Options and their new values, as Proxmox VE names them")
    ]
    | None = None,
    remove: Annotated[list[str], Field(description="Options to set back to their default")] | None = None,
    digest: Annotated[str | None, Field(description="Only if the configuration still has this digest")] = None,
) -> ConfigChange:
    """Change options of a guest: cores, memory, tags, description, onboot, net0, cmode and others."""
    wanted, gone = set or {}, remove or []
    if not wanted and not gone:
        raise InvalidInput("Neither set nor remove names an option.", "Name at least one.")
    _check(wanted.keys() | {*gone}, gone)
    seen = await inventory.take(api)
    found = seen.find(guest)
    safeguards.check_owners(seen, wanted, found.vmid)
    if _GUARDING & {*wanted, *gone}:
        safeguards.check_protected(found)
    ref = inventory.ref(found)
    if "sshkeys" in wanted:
        # The API wants this one option URL-encoded inside the encoding of the whole request.
        wanted = {**wanted, "sshkeys": quote(unquote(str(wanted["sshkeys"])), safe="")}
    given = {**wanted, "delete": ",".join(gone) or None, "digest": digest}
    await api.change_config(ref, given)
    later = [row["key"] for row in await api.pending(ref) if "pending" in row or row.get("delete")]
    config = await api.config(ref)
    return ConfigChange(vmid=found.vmid, changed=sorted({*wanted, *gone}), pending=later, digest=str(config["digest"]))


def _check(names: "set[str]", gone: list[str]) -> None:
    """Refuse what is no option, and what would destroy data under the name of a change."""
    if bad := sorted(name for name in names if name in _NOT_OPTIONS or not re.fullmatch(r"[A-Za-z][\w-]*", name)):
        raise InvalidInput(f"{', '.join(bad)}: no option of a guest.", "get_vm and get_container show the options.")
    if lost := [name for name in gone if name.startswith("unused")]:
        raise Refused(
            f"Removing {', '.join(lost)} would destroy that disk's data.",
            "Have a person do it in the web interface; this tool only changes settings.",
        )


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
    found = await inventory.find(api, guest)
    ref = inventory.ref(found)
    there = disks_of(await api.config(ref))
    if disk not in there:
        raise InvalidInput(f"{found.vmid} has no disk {disk}.", f"It has: {', '.join(there) or 'none'}.")
    return await follow(api, await api.resize(ref, disk, size), timeout, found)
