"""The calls about the cluster as a whole and about its nodes."""

from typing import TypedDict

from infra_mcp_common.errors import Failed, InfraError
from infra_mcp_proxmox.domain.node import ClusterStatus, Member, NodeStatus, Usage, percent
from infra_mcp_proxmox.domain.privileges import Permissions
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.transport import resources
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.paths import path
from infra_mcp_proxmox.transport.resources import ResourceRow


class _MemberRow(TypedDict, total=False):
    type: str
    name: str
    quorate: int
    online: int
    ip: str
    local: int


class _UsageRow(TypedDict, total=False):
    total: int
    used: int


class _Processor(TypedDict, total=False):
    model: str
    cpus: int


class _Kernel(TypedDict, total=False):
    release: str


# `current-kernel` is no name of Python's.
_NodeStatusRow = TypedDict(
    "_NodeStatusRow",
    {
        "pveversion": str,
        "kversion": str,
        "current-kernel": _Kernel,
        "cpuinfo": _Processor,
        "cpu": float,
        "loadavg": list[str],
        "memory": _UsageRow,
        "swap": _UsageRow,
        "rootfs": _UsageRow,
        "uptime": int,
    },
    total=False,
)


class Cluster:
    """What there is, and what the token may do."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def version(self) -> str:
        return str((await self._client.row("/version")).get("version"))

    async def permissions(self) -> Permissions:
        """The token's privileges by path; 1 where they pass down."""
        found: Permissions = await self._client.row("/access/permissions")
        return found

    async def resource_rows(self) -> list[ResourceRow]:
        return await self._client.rows("/cluster/resources")

    async def resources(self) -> ClusterResources:
        """Nodes, guests and storages, in one request."""
        return resources.parse(await self.resource_rows())

    async def status(self) -> ClusterStatus:
        rows: list[_MemberRow] = await self._client.rows("/cluster/status")
        whole = next((row for row in rows if row.get("type") == "cluster"), _MemberRow())
        quorate = bool(whole["quorate"]) if "quorate" in whole else None
        members = [
            Member(row.get("name"), bool(row.get("online")), row.get("ip"), bool(row.get("local")))
            for row in rows
            if row.get("type") == "node"
        ]
        return ClusterStatus(whole.get("name"), quorate, tuple(members))

    async def node_status(self, node: str) -> NodeStatus:
        row: _NodeStatusRow = await self._client.row(path("nodes", node, "status"))
        processor = row.get("cpuinfo") or _Processor()
        return NodeStatus(
            node=node,
            version=row.get("pveversion"),
            kernel=(row.get("current-kernel") or _Kernel()).get("release") or row.get("kversion"),
            cpu_model=processor.get("model"),
            cpus=processor.get("cpus"),
            cpu_percent=percent(row.get("cpu")),
            load=tuple(float(each) for each in row.get("loadavg") or []),
            memory=_usage(row.get("memory")),
            swap=_usage(row.get("swap")),
            root=_usage(row.get("rootfs")),
            uptime_seconds=row.get("uptime"),
        )

    async def next_id(self, wanted: int | None = None) -> int:
        """The next free id of a guest, or the wanted one if it is free."""
        answer = str(await self._client.data("GET", "/cluster/nextid", {"vmid": wanted}))
        if not answer.isdecimal():
            raise Failed("Proxmox VE answered with something that is no guest id.", "Try again.", said=answer)
        return int(answer)

    async def is_free(self, vmid: int) -> bool:
        """Whether no guest has this id; the API says that it is taken by an error."""
        try:
            await self.next_id(vmid)
        except InfraError as error:
            if error.facts.get("status") == 400 and "already exists" in error.said:
                return False
            raise
        return True


def _usage(row: _UsageRow | None) -> Usage:
    known = row or _UsageRow()
    return Usage(known.get("total", 0), known.get("used", 0))
