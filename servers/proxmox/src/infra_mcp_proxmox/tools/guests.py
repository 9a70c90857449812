"""Listing guests, and looking at one."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import GuestDetail, GuestList, Metrics
from infra_mcp_proxmox.domain.addresses import Addresses
from infra_mcp_proxmox.domain.guest import Guest, GuestFilter
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.tools.parameters import GuestName, Limit, Offset
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.connection import Proxmox

Status = Annotated[Literal["running", "stopped", "unknown"] | None, Field(description="Only guests in this state")]
Node = Annotated[str | None, Field(description="Only guests on this node")]
Tag = Annotated[str | None, Field(description="Only guests with this tag")]
Pool = Annotated[str | None, Field(description="Only guests of this pool")]
Name = Annotated[str | None, Field(description="Only guests whose name contains this")]
WithIps = Annotated[
    bool, Field(description="Ask each running guest for its addresses: one or two more requests a guest")
]


@tool("read", timeout=120)
async def list_guests(
    api: Proxmox,
    status: Status = None,
    node: Node = None,
    tag: Tag = None,
    pool: Pool = None,
    name: Name = None,
    ip: Annotated[str | None, Field(description="Only running guests with an address that begins with this")] = None,
    with_ips: WithIps = False,
    offset: Offset = 0,
    limit: Limit = 200,
) -> GuestList:
    """List VMs and containers of the whole cluster, in one request, whatever node is down."""
    resources = await api.cluster.resources()
    fitting = GuestFilter(status=status, node=node, tag=tag, pool=pool, name=name)
    guests = [guest for guest in resources.guests if fitting.fits(guest)]
    if ip is None:
        return await _listed(api, resources, guests, offset, limit, with_ips=with_ips)
    found = await api.addresses.of_running(guests)
    part, where = page([guest for guest in guests if _has(found.get(guest.vmid), ip)], offset, limit)
    return GuestList.of(resources, part, found, where)


@tool("read", timeout=120)
async def list_vms(
    api: Proxmox,
    status: Status = None,
    node: Node = None,
    tag: Tag = None,
    name: Name = None,
    with_ips: WithIps = False,
    offset: Offset = 0,
    limit: Limit = 200,
) -> GuestList:
    """List the QEMU virtual machines of the whole cluster."""
    resources = await api.cluster.resources()
    fitting = GuestFilter("qemu", status, node, tag, name=name)
    guests = [guest for guest in resources.guests if fitting.fits(guest)]
    return await _listed(api, resources, guests, offset, limit, with_ips=with_ips)


@tool("read", timeout=120)
async def list_containers(
    api: Proxmox,
    status: Status = None,
    node: Node = None,
    tag: Tag = None,
    name: Name = None,
    with_ips: WithIps = False,
    offset: Offset = 0,
    limit: Limit = 200,
) -> GuestList:
    """List the LXC containers of the whole cluster."""
    resources = await api.cluster.resources()
    fitting = GuestFilter("lxc", status, node, tag, name=name)
    guests = [guest for guest in resources.guests if fitting.fits(guest)]
    return await _listed(api, resources, guests, offset, limit, with_ips=with_ips)


@tool("read")
async def get_vm(api: Proxmox, vm: GuestName) -> GuestDetail:
    """Show a VM: status, usage, configuration, addresses."""
    return await _detail(api, await api.guests.find(vm, "qemu"))


@tool("read")
async def get_container(api: Proxmox, container: GuestName) -> GuestDetail:
    """Show a container: status, usage, configuration, addresses."""
    return await _detail(api, await api.guests.find(container, "lxc"))


@tool("read")
async def get_guest_metrics(
    api: Proxmox,
    guest: GuestName,
    timeframe: Annotated[
        Literal["hour", "day", "week", "month", "year"], Field(description="How far to look back")
    ] = "hour",
    points: Annotated[int, Field(ge=1, le=70, description="Into how many steps to sum the timeframe up")] = 12,
) -> Metrics:
    """Show a guest's CPU, memory, disk and network use over time."""
    found = await api.guests.find(guest)
    return Metrics.of(found, timeframe, await api.guests.metrics(found, timeframe, points))


async def _listed(
    api: Api, resources: ClusterResources, guests: list[Guest], offset: int, limit: int, *, with_ips: bool
) -> GuestList:
    part, where = page(guests, offset, limit)
    found = await api.addresses.of_running(part) if with_ips else {}
    return GuestList.of(resources, part, found, where)


def _has(addresses: Addresses | None, beginning: str) -> bool:
    return addresses is not None and any(ip.startswith(beginning) for ip in addresses.ips)


async def _detail(api: Api, guest: Guest) -> GuestDetail:
    config, status = await api.guests.config(guest), await api.guests.status(guest)
    addresses = await api.addresses.of(guest, config, running=status.running)
    return GuestDetail.of_now(guest, config, status, addresses)
