"""Moving guests, and what ends them as such: deletion, and becoming a template."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import Conflict
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.safety import previews, removals
from infra_mcp_proxmox.tools.parameters import NODE, Digest, GuestName, Wait
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.connection import Proxmox

Purge = Annotated[bool, Field(description="Also remove it from backup, replication and HA jobs")]


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
    resources = await api.cluster.resources()
    found = targets.guest(resources, guest)
    if not targets.node(resources, target).online:
        raise Conflict(f"Node {target} is offline.", "Choose one that is online.")
    upid = await api.guests.migrate(found, target, restart=restart)
    return Change.of(await api.tasks.wait(upid, timeout), found, node=target)


async def preview_delete(api: Proxmox, guest: GuestName, purge: Purge = False) -> Preview:
    return removals.deletion(await previews.find_state(api, guest), purge=purge)


@tool("destructive", preview=preview_delete)
async def delete_guest(
    api: Proxmox, guest: GuestName, purge: Purge = False, digest: Digest = None, timeout: Wait = 120
) -> Change:
    """Delete a stopped VM or container with its disks; backups stay."""
    state = await previews.find_state(api, guest)
    previews.check(removals.deletion(state, purge=purge), digest)
    upid = await api.guests.delete(state.guest, purge=purge)
    return Change.of(await api.tasks.wait(upid, timeout), state.guest)


async def preview_template(api: Proxmox, guest: GuestName) -> Preview:
    return removals.conversion(await previews.find_state(api, guest))


@tool("destructive", preview=preview_template)
async def convert_to_template(api: Proxmox, guest: GuestName, digest: Digest = None, timeout: Wait = 120) -> Change:
    """Turn a stopped guest into a template for clones, for good."""
    state = await previews.find_state(api, guest)
    previews.check(removals.conversion(state), digest)
    upid = await api.guests.make_template(state.guest)
    return Change.of(await api.tasks.wait(upid, timeout), state.guest)
