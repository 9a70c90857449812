"""A stateful Proxmox VE cluster on loopback, for tests and demonstrations.

with FakeProxmox() as pve:
    pve.add_guest(100, name="web", running=True)
    ... talk to https://{pve.address} with the token pve.token ...
    pve.requests  # everything that was asked
"""

import os
import signal
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.proxmox import routes
from sandbox.proxmox.auth import ALL, Token
from sandbox.proxmox.clock import Clock, SystemClock
from sandbox.proxmox.recording import Fault, Raw, Recorder, Request
from sandbox.proxmox.server import ApiServer
from sandbox.proxmox.state import GIB, Cluster, Guest, Node, Storage, Volume
from sandbox.proxmox.tasks import Tasks
from sandbox.proxmox.tls import Authority

TEMPLATE = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
VM_CONFIG = {"memory": "2048", "cores": "2", "sockets": "1", "ostype": "l26", "scsihw": "virtio-scsi-single"}
CT_CONFIG = {"memory": "512", "swap": "512", "cores": "1", "ostype": "debian", "arch": "amd64", "unprivileged": "1"}


class FakeProxmox:
    """The cluster and its API servers, each on a port of its own.

    Args:
        nodes: Names of the nodes; the first is the one asked.
        version: "7.4", "8.4" or "9.1": which calls and parameters exist, and how refusals are worded.
        endpoints: How many of the nodes have an API server here.
        task_seconds: How long a task takes unless planned otherwise.
        clock: The cluster's time.
    """

    def __init__(
        self,
        nodes: Iterable[str] = ("pve1", "pve2", "pve3"),
        *,
        version: str = "9.1",
        endpoints: int = 1,
        task_seconds: float = 0.0,
        clock: Clock | None = None,
    ) -> None:
        routes.load_all()
        self.names, self.version, self.task_seconds = list(nodes), version, task_seconds
        self.clock = clock or SystemClock()
        self.lock = threading.RLock()
        self.folder = tempfile.TemporaryDirectory(prefix="fake-proxmox-")
        self.fingerprints: list[str] = []
        self.servers: list[ApiServer] = []
        self.reset()
        self.servers = self.open(self.names[:endpoints])

    def reset(self) -> None:
        """Begin anew at the same addresses: an empty cluster, one token that may do everything, nothing recorded."""
        with self.lock:
            if self.servers:
                self.end_commands()
            self.cluster = Cluster(self.clock, Tasks(self.clock, self.task_seconds), version=self.version)
            for number, name in enumerate(self.names, 1):
                self.cluster.nodes[name] = Node(name, f"192.0.2.{number}")
            self.cluster.local = self.names[0]
            self.cluster.storages = default_storages()
            self.token = self.add_token("root@pam!mcp", {"/": ALL})
            self.recorder = Recorder()
            for server in self.servers:
                server.cluster, server.recorder = self.cluster, self.recorder

    def open(self, names: list[str]) -> list[ApiServer]:
        authority = Authority.create()
        authority.write_ca(self.ca_file)
        servers = []
        for name in names:
            file = Path(self.folder.name, f"{name}.pem")
            self.fingerprints.append(authority.issue(name, file))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            servers.append(ApiServer(self.cluster, self.recorder, self.lock, context))
        for server in servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return servers

    @property
    def ca_file(self) -> Path:
        """The cluster CA's certificate."""
        return Path(self.folder.name, "pve-root-ca.pem")

    @property
    def address(self) -> str:
        """`host:port` of the first API server."""
        return self.servers[0].address

    @property
    def requests(self) -> list[Request]:
        return self.recorder.requests

    @property
    def tasks(self) -> Tasks:
        return self.cluster.tasks

    def environment(self, token: Token | None = None) -> dict[str, str]:
        """The settings with which a client reaches this cluster."""
        used = token or self.token
        return {
            "PROXMOX_HOST": ",".join(server.address for server in self.servers),
            "PROXMOX_API_TOKEN": f"{used.id}={used.secret}",
            "PROXMOX_CA_FILE": str(self.ca_file),
        }

    def add_token(self, name: str, acl: Mapping[str, Iterable[str]]) -> Token:
        """A token `user@realm!name` with these privileges on these paths."""
        rights = {path: frozenset(privileges) for path, privileges in acl.items()}
        secret = f"5ec2e7{len(self.cluster.tokens):02d}-0000-4000-8000-c0ffee{abs(hash(name)) % 10**6:06d}"
        token = Token(name, secret, rights)
        self.cluster.tokens.append(token)
        return token

    def add_guest(
        self, vmid: int, kind: str = "qemu", *, name: str | None = None, node: str | None = None, **given: Any
    ) -> Guest:
        """A guest with a usual configuration; `config` adds to it, other keywords set the guest's fields."""
        own = CT_CONFIG if kind == "lxc" else VM_CONFIG
        disk, label = ("rootfs", "hostname") if kind == "lxc" else ("scsi0", "name")
        hardware = f"BC:24:11:00:{vmid // 256 % 256:02X}:{vmid % 256:02X}"
        net = f"name=eth0,bridge=vmbr0,hwaddr={hardware}" if kind == "lxc" else f"virtio={hardware},bridge=vmbr0"
        base = {label: name or f"guest{vmid}", disk: f"local-lvm:vm-{vmid}-disk-0,size=8G", "net0": net}
        guest = Guest(vmid, kind, node or self.cluster.local, own | base | given.pop("config", {}), **given)
        guest.started = self.cluster.clock.now() - 3600 if guest.running else 0.0
        if guest.pool:
            self.cluster.pools.add(guest.pool)
        self.cluster.guests[vmid] = guest
        return guest

    def answer_with(self, pattern: str, raw: Raw, *, skip: int = 0, times: int = 1) -> None:
        """Answer the next requests whose `METHOD /path` matches with something else than the truth."""
        self.recorder.faults.append(Fault(pattern, answer=raw, skip=skip, times=times))

    def after(self, pattern: str, event: Callable[[], None], *, skip: int = 0) -> None:
        """Let something happen when a matching request was carried out, right before its answer is sent."""
        self.recorder.faults.append(Fault(pattern, after=event, skip=skip))

    def go_offline(self, node: str) -> None:
        self.cluster.nodes[node].online = False

    def close(self) -> None:
        for server in self.servers:
            server.go_away()
        self.end_commands()
        self.folder.cleanup()

    def end_commands(self) -> None:
        """End the shells behind consoles and what agents have started."""
        for terminal in self.cluster.terminals.values():
            terminal.end()
        for record in self.cluster.commands.values():
            # The whole group: what a command started keeps its pipes open.
            os.killpg(record["child"].pid, signal.SIGKILL)
            record["child"].communicate()

    def __enter__(self) -> "FakeProxmox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def default_storages() -> dict[str, Storage]:
    """What a fresh node has, and one shared storage for backups."""
    local = Storage("local", "dir", "backup,iso,vztmpl")
    local.volumes.append(Volume(TEMPLATE, "vztmpl", 126 * 2**20, "tzst"))
    local.volumes.append(Volume("local:iso/debian-12.7.0-amd64-netinst.iso", "iso", 631 * 2**20, "iso"))
    lvm = Storage("local-lvm", "lvmthin", "images,rootdir", total=1000 * GIB)
    return {each.name: each for each in (local, lvm, Storage("backups", "nfs", "backup", shared=True))}
