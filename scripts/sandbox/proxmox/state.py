"""The cluster's state: nodes, guests, storages, pools. Plain data; the routes change it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sandbox.proxmox.auth import Rights, Token
from sandbox.proxmox.clock import Clock
from sandbox.proxmox.errors import ApiError, failed, no_config
from sandbox.proxmox.tasks import Tasks

GIB = 2**30


@dataclass
class Node:
    """One machine of the cluster. `online=False`: it answers nothing, others answer 595 for it."""

    name: str
    ip: str = "192.0.2.1"
    online: bool = True
    cpus: int = 16
    memory: int = 64 * GIB
    load: float = 0.12


@dataclass
class Snapshot:
    config: dict[str, str]
    time: int
    description: str = ""
    parent: str | None = None
    vmstate: bool = False


@dataclass
class Guest:
    """A VM ("qemu") or container ("lxc") with its configuration as the real server writes it: text values.

    Args:
        addresses: Those of net0.
        others: Those of further interfaces by their names; the guest lists them before net0's.
    """

    vmid: int
    kind: str
    node: str
    config: dict[str, str]
    running: bool = False
    paused: bool = False
    pool: str | None = None
    agent: bool = False
    addresses: list[str] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    current_parent: str | None = None
    started: float = 0.0
    cpu: float = 0.03
    shell: str = "/bin/sh"
    ha: bool = False
    pending: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.config.get("hostname" if self.kind == "lxc" else "name", f"guest{self.vmid}")

    @property
    def digest(self) -> str:
        """Of the whole file, in which snapshots and what is pending stand too."""
        parts: list[dict[str, Any]] = [self.config, self.pending, {"parent": self.current_parent}]
        parts += [{"name": name} | vars(snapshot) for name, snapshot in self.snapshots.items()]
        text = "\n".join(f"{key}: {value}" for part in parts for key, value in sorted(part.items()))
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    @property
    def label(self) -> str:
        return "CT" if self.kind == "lxc" else "VM"

    @property
    def memory(self) -> int:
        return int(self.config.get("memory", 512)) * 2**20

    @property
    def cores(self) -> int:
        return int(self.config.get("cores", 1)) * int(self.config.get("sockets", 1))

    def unlocked(self) -> None:
        if lock := self.config.get("lock"):
            raise failed(f"{self.label} is locked ({lock})")


@dataclass
class Volume:
    """A file of a storage: `volid` is `storage:content/file`."""

    volid: str
    content: str
    size: int
    format: str
    ctime: int = 1_780_000_000
    vmid: int | None = None
    notes: str | None = None
    origin: Guest | None = None


@dataclass
class Storage:
    name: str
    type: str = "dir"
    content: str = "backup,iso,vztmpl"
    shared: bool = False
    total: int = 500 * GIB
    volumes: list[Volume] = field(default_factory=list)

    @property
    def used(self) -> int:
        return 20 * GIB + sum(volume.size for volume in self.volumes)


@dataclass
class Cluster:
    """Everything the sandbox knows. `local` is the node whose API server is asked."""

    clock: Clock
    tasks: Tasks
    version: str = "9.1"
    name: str = "homelab"
    local: str = "pve1"
    quorate: bool = True
    nodes: dict[str, Node] = field(default_factory=dict)
    guests: dict[int, Guest] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)
    pools: set[str] = field(default_factory=set)
    tokens: list[Token] = field(default_factory=list)
    commands: dict[int, dict[str, Any]] = field(default_factory=dict)
    token_consoles: bool = True
    tickets: dict[str, Any] = field(default_factory=dict)
    terminals: dict[int, Any] = field(default_factory=dict)

    def rights(self, token: Token) -> Rights:
        return Rights(token, {guest.vmid: guest.pool for guest in self.guests.values() if guest.pool})

    def reach(self, node: str) -> None:
        """Raise as the node-to-node proxy does when a node is unknown or down."""
        if node not in self.nodes:
            raise failed(f"hostname lookup '{node}' failed - failed to get address info for: {node}: unknown name")
        if not self.nodes[node].online:
            raise ApiError(595, "No route to host")

    def guest(self, node: str, kind: str, vmid: int) -> Guest:
        guest = self.guests.get(vmid)
        if guest is None or guest.kind != kind or guest.node != node:
            raise no_config(node, kind, vmid)
        return guest

    def writable(self) -> None:
        if not self.quorate:
            raise failed("cluster not ready - no quorum?")

    def storage(self, name: str) -> Storage:
        if name not in self.storages:
            raise failed(f"storage '{name}' does not exist")
        return self.storages[name]
