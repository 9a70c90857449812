"""New guests: made, or copied from others."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.domain.config import Option, container_interface, new_container, new_vm
from infra_mcp_proxmox.domain.guest import GuestRef, GuestType
from infra_mcp_proxmox.safety import new_guests
from infra_mcp_proxmox.tools.parameters import NODE, STORAGE, VOLUME, GuestName, Id, OnNode, Wait
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.client import Params
from infra_mcp_proxmox.transport.connection import Proxmox

HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$", description="Its name")]
Cores = Annotated[int, Field(ge=1, le=512, description="How many CPU cores")]
Memory = Annotated[int, Field(ge=16, description="Memory in MiB")]
Disk = Annotated[int, Field(ge=1, le=128_000, description="Size of its disk in GiB")]
Bridge = Annotated[str, Field(pattern=r"^\w[\w.-]{0,14}$", description="Network bridge of the node")]
Start = Annotated[bool, Field(description="Start it when it is made")]
Options = Annotated[
    dict[str, Option] | None,
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
    own = new_vm(name, storage, cores=cores, memory=memory, disk_gib=disk_gib, bridge=bridge, iso=iso)
    return await _create(api, "qemu", name, {**own, "start": start, **(options or {})}, vmid, node, timeout)


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
    own = new_container(
        name,
        storage,
        cores=cores,
        memory=memory,
        disk_gib=disk_gib,
        net0=container_interface(bridge, ip, gateway),
        shell_console=shell_console,
    )
    made_from = {"ostemplate": template, "ssh-public-keys": ssh_public_keys, "start": start}
    return await _create(api, "lxc", name, {**own, **made_from, **(options or {})}, vmid, node, timeout)


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
    found = await api.guests.find(guest)
    copy = GuestRef(await api.cluster.next_id(vmid), found.type, target or found.node, name)
    upid = await api.guests.clone(found, copy, snapshot=snapshot, storage=storage, full=full)
    return Change.of(await api.tasks.wait(upid, timeout), copy)


async def _create(
    api: Api, type_: GuestType, name: str, options: Params, vmid: int | None, node: str | None, timeout: float
) -> Change:
    guest = await new_guests.place(api, type_, name, options, vmid, node)
    return Change.of(await api.tasks.wait(await api.guests.create(guest, options), timeout), guest)
