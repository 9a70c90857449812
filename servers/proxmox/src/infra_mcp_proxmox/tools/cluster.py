"""The cluster and its nodes."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import ClusterStatus, NextId, NodeList, NodeStatus, Overview, Resources
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.tools.parameters import Limit, NodeName, Offset, Vmid
from infra_mcp_proxmox.transport import overview
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("read")
async def infra_overview(api: Proxmox) -> Overview:
    """Tell whether anything is broken: nodes, quorum, guests, full storages, locks and failed tasks at a glance."""
    return await overview.look(api)


@tool("read")
async def list_nodes(api: Proxmox) -> NodeList:
    """List the nodes of the cluster with their load; one that is offline is listed as such."""
    found = await inventory.take(api)
    return NodeList(nodes=found.nodes, offline=found.offline_nodes)


@tool("read")
async def get_cluster_status(api: Proxmox) -> ClusterStatus:
    """Show quorum and which nodes are online."""
    rows = await api.cluster_status()
    whole = next((row for row in rows if row.get("type") == "cluster"), {})
    nodes = [
        {
            "name": row.get("name"),
            "online": bool(row.get("online")),
            "ip": row.get("ip"),
            "local": bool(row.get("local")),
        }
        for row in rows
        if row.get("type") == "node"
    ]
    return ClusterStatus(
        cluster=whole.get("name"), quorate=bool(whole["quorate"]) if "quorate" in whole else None, nodes=nodes
    )


@tool("read")
async def get_node_status(api: Proxmox, node: NodeName) -> NodeStatus:
    """Show one node: version, kernel, load, memory, root file system."""
    (await inventory.take(api)).node(node)
    row = await api.node_status(node)
    processor = row.get("cpuinfo") or {}
    return NodeStatus(
        node=node,
        version=row.get("pveversion"),
        kernel=(row.get("current-kernel") or {}).get("release") or row.get("kversion"),
        cpu_model=processor.get("model"),
        cpus=processor.get("cpus"),
        cpu_percent=inventory.percent(row.get("cpu")),
        load=[float(each) for each in row.get("loadavg") or []],
        memory=_sizes(row.get("memory")),
        swap=_sizes(row.get("swap")),
        root=_sizes(row.get("rootfs")),
        uptime_seconds=row.get("uptime"),
    )


def _sizes(row: dict[str, int] | None) -> dict[str, int]:
    return {key: (row or {}).get(key, 0) for key in ("total", "used")}


@tool("read")
async def list_cluster_resources(
    api: Proxmox,
    type: Annotated[  # noqa: A002 -- the API's own word
        Literal["node", "qemu", "lxc", "storage", "pool", "sdn"] | None, Field(description="Only this type")
    ] = None,
    offset: Offset = 0,
    limit: Limit = 200,
) -> Resources:
    """List everything the cluster holds, as the API gives it."""
    rows = [row for row in await api.resources() if type in (None, row.get("type"))]
    part, where = page(rows, offset, limit)
    return Resources(**where.model_dump(), resources=part)


@tool("read")
async def get_next_id(
    api: Proxmox, vmid: Annotated[Vmid | None, Field(description="Ask whether this id is free instead")] = None
) -> NextId:
    """Give the next free guest id, or tell whether an id is free."""
    if vmid is None:
        return NextId(vmid=await api.next_id())
    return NextId(vmid=vmid, free=await api.is_free(vmid))
