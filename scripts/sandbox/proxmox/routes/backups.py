"""Backups by vzdump."""

import copy
import time
from typing import Any

from sandbox.proxmox.errors import failed
from sandbox.proxmox.routes import Call, route
from sandbox.proxmox.state import GIB, Guest, Volume


@route("POST /nodes/{node}/vzdump")
def vzdump(call: Call) -> Any:
    """One task for the guests asked for, each of which must lie on this node."""
    storage = call.cluster.storage(call.params.get("storage", "local"))
    guests = [owned(call, vmid) for vmid in str(call.params.get("vmid", "")).split(",") if vmid]
    for guest in guests:
        call.rights.need(f"/vms/{guest.vmid}", "VM.Backup")
    call.rights.need(f"/storage/{storage.name}", "Datastore.AllocateSpace")
    if "backup" not in storage.content:
        raise failed(f"could not get storage information for '{storage.name}': storage does not support backups")

    def effect() -> None:
        for guest in guests:
            storage.volumes.append(backup(call, guest, storage.name))

    ident = guests[0].vmid if len(guests) == 1 else ""
    return call.task("vzdump", ident, effect)


def owned(call: Call, vmid: str) -> Guest:
    guest = call.cluster.guests.get(int(vmid))
    if guest is None or guest.node != call.node:
        raise failed(f"unable to find VM '{vmid}'")
    guest.unlocked()
    return guest


def backup(call: Call, guest: Guest, storage: str) -> Volume:
    now = int(call.cluster.clock.now())
    stamp = time.strftime("%Y_%m_%d-%H_%M_%S", time.gmtime(now))
    kind, ending = ("lxc", "tar.zst") if guest.kind == "lxc" else ("qemu", "vma.zst")
    volid = f"{storage}:backup/vzdump-{kind}-{guest.vmid}-{stamp}.{ending}"
    notes = call.params.get("notes-template", "").replace("{{guestname}}", guest.name)
    return Volume(volid, "backup", GIB, ending, now, guest.vmid, notes or None, copy.deepcopy(guest))
