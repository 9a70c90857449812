"""Starting, stopping, pausing."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.domain.guest import GuestType
from infra_mcp_proxmox.tools.parameters import GuestName, Wait
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.client import Params
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.guests import Power


@tool("write")
async def start_vm(api: Proxmox, vm: GuestName, timeout: Wait = 60) -> Change:
    """Start a VM and wait until it runs."""
    return await _power(api, vm, "start", timeout, only="qemu")


@tool("write")
async def stop_vm(api: Proxmox, vm: GuestName, timeout: Wait = 60) -> Change:
    """Stop a VM at once, like pulling the plug; shutdown_guest is gentler."""
    return await _power(api, vm, "stop", timeout, only="qemu")


@tool("write")
async def start_container(api: Proxmox, container: GuestName, timeout: Wait = 60) -> Change:
    """Start a container and wait until it runs."""
    return await _power(api, container, "start", timeout, only="lxc")


@tool("write")
async def stop_container(api: Proxmox, container: GuestName, timeout: Wait = 60) -> Change:
    """Stop a container at once, killing its processes; shutdown_guest is gentler."""
    return await _power(api, container, "stop", timeout, only="lxc")


@tool("write")
async def shutdown_guest(
    api: Proxmox,
    guest: GuestName,
    grace: Annotated[int, Field(ge=1, le=3600, description="Seconds the guest has to shut down")] = 120,
    force: Annotated[bool, Field(description="Stop it hard when the grace is over")] = False,
    timeout: Wait = 150,
) -> Change:
    """Ask a guest's system to shut down, and wait until it is off."""
    return await _power(api, guest, "shutdown", timeout, {"timeout": grace, "forceStop": force or None})


@tool("write")
async def reboot_guest(
    api: Proxmox,
    guest: GuestName,
    grace: Annotated[int, Field(ge=1, le=3600, description="Seconds the guest has to shut down")] = 120,
    timeout: Wait = 150,
) -> Change:
    """Shut a guest down and start it again; pending configuration takes effect."""
    return await _power(api, guest, "reboot", timeout, {"timeout": grace})


@tool("write")
async def suspend_guest(
    api: Proxmox,
    guest: GuestName,
    to_disk: Annotated[bool, Field(description="Save a VM's memory to disk and switch it off")] = False,
    timeout: Wait = 120,
) -> Change:
    """Pause a guest in memory, or a VM to disk."""
    return await _power(api, guest, "suspend", timeout, {"todisk": to_disk or None})


@tool("write")
async def resume_guest(api: Proxmox, guest: GuestName, timeout: Wait = 60) -> Change:
    """Let a paused guest go on."""
    return await _power(api, guest, "resume", timeout)


async def _power(
    api: Api,
    wanted: int | str,
    action: Power,
    timeout: float,
    params: Params | None = None,
    only: GuestType | None = None,
) -> Change:
    guest = await api.guests.find(wanted, only)
    upid = await api.guests.power(guest, action, params)
    return Change.of(await api.tasks.wait(upid, timeout), guest)
