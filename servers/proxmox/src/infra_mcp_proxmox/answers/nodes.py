"""The cluster and its nodes. Sizes are bytes, times are seconds."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Literal

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_proxmox.domain.node import ClusterStatus as DomainClusterStatus
from infra_mcp_proxmox.domain.node import Node as DomainNode
from infra_mcp_proxmox.domain.node import NodeStatus as DomainNodeStatus
from infra_mcp_proxmox.domain.resources import ClusterResources


class Node(Result):
    """A machine of the cluster. Without the right Sys.Audit on it only its status is known."""

    node: str
    status: Literal["online", "offline"]
    cpu_percent: float | None = Field(default=None, description="Of all its CPUs")
    cpus: int | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    disk_used: int | None = Field(default=None, description="Of the root file system")
    disk_total: int | None = None
    uptime_seconds: int | None = None

    @classmethod
    def of(cls, node: DomainNode) -> "Node":
        known = asdict(node)
        return cls(node=known.pop("name"), **known)


class NodeList(Result):
    nodes: list[Node]
    offline: list[str] = Field(description="Nodes that do not answer")

    @classmethod
    def of(cls, resources: ClusterResources) -> "NodeList":
        return cls(nodes=[Node.of(node) for node in resources.nodes], offline=resources.offline_nodes)


class ClusterStatus(Result):
    cluster: str | None = Field(default=None, description="Absent on a node that is in no cluster")
    quorate: bool | None = None
    nodes: list[dict[str, object]] = Field(description="name, online, ip, local")

    @classmethod
    def of(cls, status: DomainClusterStatus) -> "ClusterStatus":
        return cls(cluster=status.name, quorate=status.quorate, nodes=[asdict(member) for member in status.members])


class NodeStatus(Result):
    node: str
    version: str | None = None
    kernel: str | None = None
    cpu_model: str | None = None
    cpus: int | None = None
    cpu_percent: float | None = None
    load: list[float]
    memory: dict[str, int] = Field(description="total, used")
    swap: dict[str, int]
    root: dict[str, int] = Field(description="total, used of the root file system")
    uptime_seconds: int | None = None

    @classmethod
    def of(cls, status: DomainNodeStatus) -> "NodeStatus":
        return cls(**asdict(status))


class Resources(Page):
    resources: list[dict[str, object]] = Field(description="Rows as the API gives them")

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]], where: Page) -> "Resources":
        return cls(**where.model_dump(), resources=[dict(row) for row in rows])


class NextId(Result):
    vmid: int
    free: bool = True
