"""/nodes and one node's status."""

from typing import Any

from sandbox.proxmox.routes import Call, route
from sandbox.proxmox.routes.access import PATCH
from sandbox.proxmox.routes.cluster import node_row
from sandbox.proxmox.state import GIB


@route("GET /nodes")
def nodes(call: Call) -> Any:
    return [node_row(call, node) for node in call.cluster.nodes.values()]


@route("GET /nodes/{node}/status")
def node_status(call: Call) -> Any:
    node = call.cluster.nodes[call.node]
    version = PATCH.get(call.cluster.version, call.cluster.version)
    return {
        "uptime": 864_000,
        "loadavg": ["0.42", "0.35", "0.30"],
        "cpu": node.load,
        "wait": 0.001,
        "cpuinfo": {"cpus": node.cpus, "cores": node.cpus // 2, "sockets": 1, "model": "Sandbox CPU", "mhz": "3000"},
        "memory": {"total": node.memory, "used": node.memory // 2, "free": node.memory // 2},
        "swap": {"total": 8 * GIB, "used": 0, "free": 8 * GIB},
        "rootfs": {"total": 100 * GIB, "used": 30 * GIB, "avail": 70 * GIB, "free": 70 * GIB},
        "pveversion": f"pve-manager/{version}/0000000000000000",
        "kversion": "Linux 6.17.2-1-pve",
        "current-kernel": {"release": "6.17.2-1-pve", "machine": "x86_64", "sysname": "Linux"},
        "boot-info": {"mode": "efi", "secureboot": 0},
    }
