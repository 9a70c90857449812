"""The cluster and its nodes."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.health import Overview
from infra_mcp_proxmox.answers.nodes import ClusterStatus, NextId, NodeList, NodeStatus, Resources
from infra_mcp_proxmox.tools.parameters import Limit, NodeName, Offset, Vmid
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("read")
async def infra_overview(api: Proxmox) -> Overview:
    """Tell whether anything is broken: nodes, quorum, guests, full storages, locks and failed tasks at a glance."""
    return Overview.of(await api.health())


@tool("read")
async def list_nodes(api: Proxmox) -> NodeList:
    """List the nodes of the cluster with their load; one that is offline is listed as such."""
    return NodeList.of(await api.cluster.resources())


@tool("read")
async def get_cluster_status(api: Proxmox) -> ClusterStatus:
    """Show quorum and which nodes are online."""
    return ClusterStatus.of(await api.cluster.status())


@tool("read")
async def get_node_status(api: Proxmox, node: NodeName) -> NodeStatus:
    """Show one node: version, kernel, load, memory, root file system."""
    found = targets.node(await api.cluster.resources(), node)
    return NodeStatus.of(await api.cluster.node_status(found.name))


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
    rows = [row for row in await api.cluster.resource_rows() if type in (None, row.get("type"))]
    part, where = page(rows, offset, limit)
    return Resources.of(part, where)


@tool("read")
async def get_next_id(
    api: Proxmox, vmid: Annotated[Vmid | None, Field(description="Ask whether this id is free instead")] = None
) -> NextId:
    """Give the next free guest id, or tell whether an id is free."""
    if vmid is None:
        return NextId(vmid=await api.cluster.next_id())
    return NextId(vmid=vmid, free=await api.cluster.is_free(vmid))
