"""Snapshots of a guest's configuration and disks."""

from typing import Any

from sandbox.proxmox.errors import failed
from sandbox.proxmox.routes import Call, guest_route
from sandbox.proxmox.routes.power import power_off, power_on, prefix
from sandbox.proxmox.state import Guest, Snapshot


@guest_route("GET", "/snapshot")
def snapshots(_call: Call, guest: Guest) -> Any:
    """All snapshots, and `current` as the last."""
    rows = [shown(name, each) for name, each in guest.snapshots.items()]
    current: dict[str, Any] = {
        "name": "current",
        "description": "You are here!",
        "digest": guest.digest,
        "running": int(guest.running),
    }
    return [*rows, current | ({"parent": guest.current_parent} if guest.current_parent else {})]


def shown(name: str, snapshot: Snapshot) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "snaptime": snapshot.time, "description": snapshot.description}
    return row | {"vmstate": int(snapshot.vmstate)} | ({"parent": snapshot.parent} if snapshot.parent else {})


@guest_route("POST", "/snapshot")
def create(call: Call, guest: Guest) -> Any:
    name = call.params["snapname"]
    config = {key: value for key, value in guest.config.items() if key != "lock"}

    def effect() -> None:
        if name in guest.snapshots:
            raise failed(f"snapshot name '{name}' already used")
        description, state = call.params.get("description", ""), bool(call.params.get("vmstate"))
        now = int(call.cluster.clock.now())
        guest.snapshots[name] = Snapshot(config, now, description, guest.current_parent, state)
        guest.current_parent = name

    return call.locked_task(guest, "snapshot", f"{prefix(guest)}snapshot", effect)


def existing(guest: Guest, name: str) -> Snapshot:
    if name not in guest.snapshots:
        raise failed(f"snapshot '{name}' does not exist")
    return guest.snapshots[name]


@guest_route("DELETE", "/snapshot/{snapname}")
def delete(call: Call, guest: Guest) -> Any:
    name = call.params["snapname"]

    def effect() -> None:
        gone = existing(guest, name)
        for other in guest.snapshots.values():
            other.parent = gone.parent if other.parent == name else other.parent
        guest.current_parent = gone.parent if guest.current_parent == name else guest.current_parent
        del guest.snapshots[name]

    return call.locked_task(guest, "snapshot-delete", f"{prefix(guest)}delsnapshot", effect)


@guest_route("POST", "/snapshot/{snapname}/rollback")
def rollback(call: Call, guest: Guest) -> Any:
    """Configuration and disks go back; the guest is off afterwards unless `start` or saved memory says otherwise."""
    name = call.params["snapname"]

    def effect() -> None:
        snapshot = existing(guest, name)
        guest.config, guest.current_parent = dict(snapshot.config), name
        power_off(guest)
        if call.params.get("start") or snapshot.vmstate:
            power_on(call, guest)

    return call.locked_task(guest, "rollback", f"{prefix(guest)}rollback", effect)
