"""The nodes of a cluster, and whether they agree on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from infra_mcp_common.errors import Unreachable


@dataclass(frozen=True)
class Node:
    """A node as the cluster's listing shows it. Without Sys.Audit on it only its status is known."""

    name: str
    status: Literal["online", "offline"]
    cpu_percent: float | None = None
    cpus: int | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    disk_used: int | None = None
    disk_total: int | None = None
    uptime_seconds: int | None = None

    @property
    def online(self) -> bool:
        return self.status == "online"


@dataclass(frozen=True)
class Usage:
    """Bytes of memory, or of a file system."""

    total: int
    used: int


@dataclass(frozen=True)
class NodeStatus:
    """What a node says of itself."""

    node: str
    version: str | None
    kernel: str | None
    cpu_model: str | None
    cpus: int | None
    cpu_percent: float | None
    load: tuple[float, ...]
    memory: Usage
    swap: Usage
    root: Usage
    uptime_seconds: int | None


@dataclass(frozen=True)
class Member:
    """A node as the cluster's own status shows it. local: the one that was asked."""

    name: str | None
    online: bool
    ip: str | None
    local: bool


@dataclass(frozen=True)
class ClusterStatus:
    """The cluster's name and quorum, None on a node that is in no cluster."""

    name: str | None
    quorate: bool | None
    members: tuple[Member, ...]


def with_most_free_memory(nodes: Iterable[Node]) -> str:
    """The online node with most free memory, as far as the token may see that."""
    online = [node for node in nodes if node.online]
    if not online:
        raise Unreachable("No node is online.", "get_cluster_status shows what is known.")
    return max(online, key=lambda node: (node.memory_total or 0) - (node.memory_used or 0)).name


def percent(fraction: float | None) -> float | None:
    """A load of 0 to 1 as percent."""
    return None if fraction is None else round(fraction * 100, 1)


def share(used: float | None, total: float | None) -> float:
    """How much of the whole is used, in percent; 0 where that is not known."""
    return 100 * used / total if used is not None and total else 0.0
