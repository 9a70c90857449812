"""Making, copying, moving and removing guests."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import Conflict
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Change
from infra_mcp_proxmox.domain import placement as creation
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.safety import previews as safeguards
from infra_mcp_proxmox.safety import restores as restoring
from infra_mcp_proxmox.safety.previews import Sight
from infra_mcp_proxmox.tools.parameters import NODE, STORAGE, VOLUME, Digest, GuestName, StorageName, Vmid, Wait
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.tasks import follow

Id = Annotated[Vmid | None, Field(description="Its id; the next free one without it")]
OnNode = Annotated[
    str | None, Field(pattern=NODE, description="Where; the online node with most free memory without it")
]
HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$", description="Its name")]
Cores = Annotated[int, Field(ge=1, le=512, description="How many CPU cores")]
Memory = Annotated[int, Field(ge=16, description="Memory in MiB")]
Disk = Annotated[int, Field(ge=1, le=128_000, description="Size of its disk in GiB")]
Bridge = Annotated[str, Field(pattern=r"^\w[\w.-]{0,14}$", description="Network bridge of the node")]
Start = Annotated[bool, Field(description="Start it when it is made")]
Purge = Annotated[bool, Field(description="Also remove it from backup, replication and HA jobs")]
Backup = Annotated[str, Field(description="volid of the backup, as list_backups shows it")]
RestoredId = Annotated[Vmid, Field(description="Id of the restored guest")]
DiskStorage = Annotated[StorageName | None, Field(description="For its disks; the original ones without it")]
Overwrite = Annotated[bool, Field(description="Replace the guest that has this id now")]
Options = Annotated[
    dict[str, str | int | bool] | None,
    Field(description="Further options of the configuration, as Proxmox VE names them"),
]


@tool("write")
async def create_vm(
    api: Proxmox,
    name: HostName,
    storage: Annotated[str, Field(pattern=STORAGE, description="Where its disk goes")],
    vmid: Id = None,
    node: OnNode = None,
    cores: Cores = 2,
    memory: Memory = 2048,
    disk_gib: Disk = 32,
    bridge: Bridge = "vmbr0",
    iso: Annotated[str | None, Field(pattern=VOLUME, description="volid of an ISO image to boot from")] = None,
    options: Options = None,
    start: Start = False,
    timeout: Wait = 120,
) -> Change:
    """Create a VM with one disk and one network interface."""
    given = {
        "name": name,
        "cores": cores,
        "memory": memory,
        "ostype": "l26",
        "scsihw": "virtio-scsi-single",
        "scsi0": f"{storage}:{disk_gib}",
        "net0": f"virtio,bridge={bridge}",
        "ide2": f"{iso},media=cdrom" if iso else None,
        "boot": "order=scsi0;ide2" if iso else None,
        "agent": "1",
        "start": start,
    }
    return await creation.make(api, "qemu", name, given | (options or {}), vmid, node, timeout)


@tool("write")
async def create_container(
    api: Proxmox,
    name: HostName,
    template: Annotated[
        str, Field(pattern=VOLUME, description="volid of a template, as list_storage_content shows it")
    ],
    storage: Annotated[str, Field(pattern=STORAGE, description="Where its root file system goes")],
    vmid: Id = None,
    node: OnNode = None,
    cores: Cores = 1,
    memory: Memory = 512,
    disk_gib: Disk = 8,
    bridge: Bridge = "vmbr0",
    ip: Annotated[str, Field(pattern=r"^(dhcp|manual|[0-9.]+/\d+)$", description="dhcp, or address/prefix")] = "dhcp",
    gateway: Annotated[
        str | None, Field(pattern=r"^[0-9.]+$", description="Address of the router, with a fixed ip")
    ] = None,
    ssh_public_keys: Annotated[str | None, Field(description="For root, one a line")] = None,
    shell_console: Annotated[bool, Field(description="Console without login, which exec_container needs")] = True,
    options: Options = None,
    start: Start = True,
    timeout: Wait = 180,
) -> Change:
    """Create an unprivileged container from a template."""
    given = {
        "hostname": name,
        "ostemplate": template,
        "rootfs": f"{storage}:{disk_gib}",
        "cores": cores,
        "memory": memory,
        "net0": f"name=eth0,bridge={bridge},ip={ip}" + (f",gw={gateway}" if gateway else ""),
        "ssh-public-keys": ssh_public_keys,
        "unprivileged": True,
        "cmode": "shell" if shell_console else None,
        "start": start,
    }
    return await creation.make(api, "lxc", name, given | (options or {}), vmid, node, timeout)


@tool("write")
async def clone_guest(
    api: Proxmox,
    guest: GuestName,
    name: HostName,
    vmid: Id = None,
    target: Annotated[
        str | None, Field(pattern=NODE, description="Node for the copy; shared storage is needed for another one")
    ] = None,
    snapshot: Annotated[str | None, Field(description="Copy this snapshot instead of the present state")] = None,
    storage: Annotated[str | None, Field(pattern=STORAGE, description="Storage for a full copy")] = None,
    full: Annotated[bool | None, Field(description="True copies all data; false links to a template")] = None,
    timeout: Wait = 600,
) -> Change:
    """Copy a guest or template to a new id."""
    found = await inventory.find(api, guest)
    newid = await api.next_id(vmid)
    given = {
        "newid": newid,
        "hostname" if found.type == "lxc" else "name": name,
        "target": target,
        "snapname": snapshot,
        "storage": storage,
        "full": full,
    }
    upid = await api.clone(inventory.ref(found), given)
    copy = found.model_copy(update={"vmid": newid, "name": name, "node": target or found.node})
    return await follow(api, upid, timeout, copy)


@tool("write")
async def migrate_guest(
    api: Proxmox,
    guest: GuestName,
    target: Annotated[str, Field(pattern=NODE, description="Node to move it to")],
    restart: Annotated[
        bool, Field(description="A running container can only move by being stopped and started")
    ] = False,
    timeout: Wait = 900,
) -> Change:
    """Move a guest to another node; a running VM moves live."""
    seen = await inventory.take(api)
    found = seen.find(guest)
    if seen.node(target).status != "online":
        raise Conflict(f"Node {target} is offline.", "Choose one that is online.")
    running = found.status == "running"
    how = {"restart": restart or None} if found.type == "lxc" else {"online": running or None}
    upid = await api.migrate(inventory.ref(found), {"target": target, **how})
    done = await follow(api, upid, timeout, found)
    return done.model_copy(update={"node": target}) if done.done else done


async def preview_delete(api: Proxmox, guest: GuestName, purge: Purge = False) -> Preview:
    return _deletion(await safeguards.look(api, guest), purge=purge)


@tool("destructive", preview=preview_delete)
async def delete_guest(
    api: Proxmox, guest: GuestName, purge: Purge = False, digest: Digest = None, timeout: Wait = 120
) -> Change:
    """Delete a stopped VM or container with its disks; backups stay."""
    seen = await safeguards.look(api, guest)
    safeguards.check(_deletion(seen, purge=purge), digest)
    upid = await api.delete(seen.ref, {"purge": purge or None})
    return await follow(api, upid, timeout, seen.guest)


def _deletion(seen: Sight, *, purge: bool) -> Preview:
    seen.refuse_if_flagged()
    jobs = ", and remove it from backup, replication and HA jobs" if purge else ""
    return seen.preview(f"Delete {seen} with all its disks and snapshots, for good{jobs}")


async def preview_template(api: Proxmox, guest: GuestName) -> Preview:
    return _conversion(await safeguards.look(api, guest))


@tool("destructive", preview=preview_template)
async def convert_to_template(api: Proxmox, guest: GuestName, digest: Digest = None, timeout: Wait = 120) -> Change:
    """Turn a stopped guest into a template for clones, for good."""
    seen = await safeguards.look(api, guest)
    safeguards.check(_conversion(seen), digest)
    return await follow(api, await api.make_template(seen.ref), timeout, seen.guest)


def _conversion(seen: Sight) -> Preview:
    return seen.preview(f"Turn {seen} into a template, which can't be turned back or started")


async def preview_restore(
    api: Proxmox,
    backup: Backup,
    vmid: RestoredId,
    storage: DiskStorage = None,
    node: OnNode = None,
    overwrite: Overwrite = False,
) -> Preview:
    return (await restoring.plan(api, backup, vmid, storage, node, overwrite=overwrite)).preview


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
    planned = await restoring.plan(api, backup, vmid, storage, node, overwrite=overwrite)
    safeguards.check(planned.preview, digest)
    return await restoring.carry_out(api, planned, timeout)
