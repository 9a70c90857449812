"""`/cluster/resources`: everything that a cluster holds in one answer, which a dead node does not break."""

from collections.abc import Iterable
from typing import Literal, TypedDict

from infra_mcp_proxmox.domain.guest import Guest, split_tags
from infra_mcp_proxmox.domain.node import Node, percent
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.domain.storage import Storage


class ResourceRow(TypedDict, total=False):
    """A row; its type says which keys it has."""

    type: Literal["node", "qemu", "lxc", "storage", "pool", "sdn"]
    node: str
    storage: str
    vmid: int
    name: str
    status: str
    template: int
    shared: int
    plugintype: str
    content: str
    cpu: float
    maxcpu: int
    mem: int
    maxmem: int
    disk: int
    maxdisk: int
    uptime: int
    tags: str
    pool: str
    lock: str


def parse(rows: Iterable[ResourceRow]) -> ClusterResources:
    nodes, guests, storages = list[Node](), list[Guest](), list[Storage]()
    for row in rows:
        kind = row.get("type")
        if kind == "node":
            nodes.append(_node(row))
        elif kind == "storage":
            storages.append(_storage(row))
        elif kind in ("qemu", "lxc"):
            guests.append(_guest(row))
    nodes.sort(key=lambda node: node.name)
    guests.sort(key=lambda guest: guest.vmid)
    return ClusterResources(tuple(nodes), tuple(guests), tuple(storages))


def _node(row: ResourceRow) -> Node:
    return Node(
        name=row["node"],
        status="online" if row.get("status") == "online" else "offline",
        cpu_percent=percent(row.get("cpu")),
        cpus=row.get("maxcpu"),
        memory_used=row.get("mem"),
        memory_total=row.get("maxmem"),
        disk_used=row.get("disk"),
        disk_total=row.get("maxdisk"),
        uptime_seconds=row.get("uptime"),
    )


def _guest(row: ResourceRow) -> Guest:
    running = row.get("status") == "running"
    return Guest(
        vmid=int(row["vmid"]),
        name=row.get("name"),
        type="lxc" if row["type"] == "lxc" else "qemu",
        node=row["node"],
        status=row.get("status") or "unknown",
        template=bool(row.get("template")),
        cpu_percent=percent(row.get("cpu")) if running else None,
        cpus=row.get("maxcpu"),
        memory_used=row.get("mem") if running else None,
        memory_total=row.get("maxmem"),
        disk_total=row.get("maxdisk"),
        uptime_seconds=row.get("uptime") if running else None,
        tags=split_tags(row.get("tags")),
        pool=row.get("pool"),
        lock=row.get("lock"),
    )


def _storage(row: ResourceRow) -> Storage:
    return Storage(
        name=row["storage"],
        node=row["node"],
        type=row.get("plugintype"),
        shared=bool(row.get("shared")),
        content=tuple(part for part in str(row.get("content", "")).split(",") if part),
        status=row.get("status") or "unknown",
        used=row.get("disk"),
        total=row.get("maxdisk"),
    )
