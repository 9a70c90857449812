"""Listing guests, and looking at one."""

from typing import Annotated, Literal

import anyio
from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Guest, GuestDetail, GuestList, Metrics
from infra_mcp_proxmox.domain import metrics as measurements
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.guest import GuestType
from infra_mcp_proxmox.domain.resources import Inventory
from infra_mcp_proxmox.tools.parameters import GuestName, Limit, Offset
from infra_mcp_proxmox.transport import addresses
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.connection import Proxmox

_AT_ONCE = 8

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
    found = await inventory.take(api)
    guests = inventory.filtered(found.guests, status=status, node=node, tag=tag, pool=pool, name=name)
    if ip is not None:
        guests = [each for each in await _addressed(api, guests) if any(a.startswith(ip) for a in each.ips or [])]
    return await _listed(api, found, guests, offset, limit, with_ips=with_ips and ip is None)


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
    return await _of_type(api, "qemu", (status, node, tag, name), offset, limit, with_ips=with_ips)


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
    return await _of_type(api, "lxc", (status, node, tag, name), offset, limit, with_ips=with_ips)


@tool("read")
async def get_vm(api: Proxmox, vm: GuestName) -> GuestDetail:
    """Show a VM: status, usage, configuration, addresses."""
    return await _detail(api, await inventory.find(api, vm, "qemu"))


@tool("read")
async def get_container(api: Proxmox, container: GuestName) -> GuestDetail:
    """Show a container: status, usage, configuration, addresses."""
    return await _detail(api, await inventory.find(api, container, "lxc"))


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
    found = await inventory.find(api, guest)
    rows = await api.metrics(inventory.ref(found), {"timeframe": timeframe, "cf": "AVERAGE"})
    return measurements.summed_up(found.vmid, timeframe, rows, points)


async def _of_type(
    api: Api,
    wanted: GuestType,
    filters: tuple[str | None, str | None, str | None, str | None],
    offset: int,
    limit: int,
    *,
    with_ips: bool,
) -> GuestList:
    status, node, tag, name = filters
    found = await inventory.take(api)
    own = [guest for guest in found.guests if guest.type == wanted]
    guests = inventory.filtered(own, status=status, node=node, tag=tag, pool=None, name=name)
    return await _listed(api, found, guests, offset, limit, with_ips=with_ips)


async def _listed(
    api: Api, found: Inventory, guests: list[Guest], offset: int, limit: int, *, with_ips: bool
) -> GuestList:
    part, where = page(guests, offset, limit)
    if with_ips:
        part = await _addressed(api, part)
    note = None if found.guests else "An empty list mostly means missing rights (VM.Audit); whoami shows them."
    return GuestList(**where.model_dump(), guests=part, offline_nodes=found.offline_nodes, note=note)


async def _addressed(api: Api, guests: list[Guest]) -> list[Guest]:
    """The guests with their addresses, asked a few at a time; one that can't be asked has none."""
    places, answers = anyio.Semaphore(_AT_ONCE), dict[int, list[str]]()

    async def ask(guest: Guest) -> None:
        async with places:
            found = await addresses.of(api, inventory.ref(guest), None, running=True)
            answers[guest.vmid] = found.ips

    async with anyio.create_task_group() as group:
        for guest in guests:
            if guest.status == "running":
                group.start_soon(ask, guest)
    return [guest.model_copy(update={"ips": answers.get(guest.vmid) or None}) for guest in guests]


async def _detail(api: Api, guest: Guest) -> GuestDetail:
    """The listing lags some seconds behind, so state and usage come from the guest itself."""
    ref = inventory.ref(guest)
    config, now = await api.config(ref), await api.status(ref)
    digest = str(config.pop("digest", ""))
    running = now.get("status") == "running"
    found = await addresses.of(api, ref, config, running=running)
    fresh = {
        "status": now.get("status") or guest.status,
        "cpu_percent": inventory.percent(now.get("cpu")) if running else None,
        "memory_used": now.get("mem") if running else None,
        "uptime_seconds": now.get("uptime") if running else None,
        "lock": now.get("lock"),
        "ips": found.ips or None,
    }
    paused = now.get("qmpstatus") == "paused" or None
    data = guest.model_dump() | fresh
    return GuestDetail(**data, config=config, digest=digest, paused=paused, ip_source=found.source)
