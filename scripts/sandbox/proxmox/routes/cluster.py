"""/cluster: one listing of everything, built from what the local node knows, so a dead node does not break it."""

from typing import Any

from sandbox.proxmox.errors import ApiError
from sandbox.proxmox.routes import Call, route
from sandbox.proxmox.state import GIB, Guest, Node, Storage


@route("GET /cluster/resources")
def resources(call: Call) -> Any:
    """Leaves out, without a word, what the token may not see."""
    cluster, rights, wanted = call.cluster, call.rights, call.params.get("type")
    found: list[dict[str, Any]] = []
    if wanted in {None, "vm"}:
        found += [
            guest_row(call, guest)
            for guest in cluster.guests.values()
            if "VM.Audit" in rights.have(f"/vms/{guest.vmid}")
        ]
    if wanted is None:
        pools = [pool for pool in sorted(cluster.pools) if "Pool.Audit" in rights.have(f"/pool/{pool}")]
        found += [{"type": "pool", "id": f"/pool/{pool}", "pool": pool} for pool in pools]
    if wanted in {None, "node"}:
        found += [node_row(call, node) for node in cluster.nodes.values()]
    if wanted in {None, "storage"}:
        seen = [each for each in cluster.storages.values() if "Datastore.Audit" in rights.have(f"/storage/{each.name}")]
        found += [storage_row(storage, node) for node in cluster.nodes.values() for storage in seen]
    return found


def guest_row(call: Call, guest: Guest) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"{guest.kind}/{guest.vmid}",
        "vmid": guest.vmid,
        "type": guest.kind,
        "node": guest.node,
        "template": int("template" in guest.config),
    }
    if guest.pool:
        row["pool"] = guest.pool
    if not call.cluster.nodes[guest.node].online:
        return row | {"status": "unknown"}
    return row | usage(call, guest) | optional(guest)


def usage(call: Call, guest: Guest) -> dict[str, Any]:
    up = guest.running
    return {
        "name": guest.name,
        "status": "running" if up else "stopped",
        "cpu": guest.cpu if up else 0,
        "maxcpu": guest.cores,
        "mem": guest.memory // 3 if up else 0,
        "maxmem": guest.memory,
        "disk": 2 * GIB if guest.kind == "lxc" and up else 0,
        "maxdisk": 8 * GIB,
        "uptime": max(0, int(call.cluster.clock.now() - guest.started)) if up else 0,
        "netin": 1024 if up else 0,
        "netout": 2048 if up else 0,
        "diskread": 0,
        "diskwrite": 0,
    }


def optional(guest: Guest) -> dict[str, Any]:
    return {key: guest.config[key] for key in ("tags", "lock") if guest.config.get(key)}


def node_row(call: Call, node: Node) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"node/{node.name}",
        "type": "node",
        "node": node.name,
        "status": "online" if node.online else "offline",
    }
    if node.online and "Sys.Audit" in call.rights.have(f"/nodes/{node.name}"):
        row |= node_usage(node) | {"level": "", "cgroup-mode": 2}
    return row


def node_usage(node: Node) -> dict[str, Any]:
    return {
        "cpu": node.load,
        "maxcpu": node.cpus,
        "mem": node.memory // 2,
        "maxmem": node.memory,
        "disk": 30 * GIB,
        "maxdisk": 100 * GIB,
        "uptime": 864_000,
    }


def storage_row(storage: Storage, node: Node) -> dict[str, Any]:
    row = {
        "id": f"storage/{node.name}/{storage.name}",
        "type": "storage",
        "storage": storage.name,
        "node": node.name,
        "plugintype": storage.type,
        "content": storage.content,
        "shared": int(storage.shared),
        "status": "available" if node.online else "unknown",
    }
    return row | ({"disk": storage.used, "maxdisk": storage.total} if node.online else {})


@route("GET /cluster/status")
def status(call: Call) -> Any:
    cluster = call.cluster
    nodes = [
        {
            "type": "node",
            "id": f"node/{node.name}",
            "name": node.name,
            "ip": node.ip,
            "nodeid": number,
            "online": int(node.online),
            "local": int(node.name == cluster.local),
            "level": "",
        }
        for number, node in enumerate(cluster.nodes.values(), 1)
    ]
    whole = {
        "type": "cluster",
        "id": "cluster",
        "name": cluster.name,
        "nodes": len(nodes),
        "quorate": int(cluster.quorate),
        "version": 4,
    }
    return [whole, *nodes]


@route("GET /cluster/nextid")
def next_id(call: Call) -> Any:
    taken, wanted = call.cluster.guests, call.params.get("vmid")
    if wanted in taken:
        raise ApiError(400, "Parameter verification failed.", {"vmid": f"VM {wanted} already exists"})
    return str(wanted or next(vmid for vmid in range(100, 10**9) if vmid not in taken))
