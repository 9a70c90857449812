"""Guests come, are copied, move and go."""

import re
from typing import Any

from sandbox.proxmox.errors import failed
from sandbox.proxmox.routes import Call, guest_route, route
from sandbox.proxmox.routes.config import CONTROL, ROOT_ONLY, text
from sandbox.proxmox.routes.power import power_on, prefix
from sandbox.proxmox.state import GIB, Guest, Volume

CREATION = CONTROL | {"archive", "ostemplate", "restore", "storage", "pool", "start", "unique", "password", "bwlimit"}
CREATION |= {"ssh-public-keys", "ignore-unpack-errors", "live-restore", "ha-managed"}
DISK = re.compile(r"(scsi|sata|virtio|ide|mp)\d+|rootfs|efidisk0|tpmstate0")


@route("POST /nodes/{node}/qemu")
def create_vm(call: Call) -> Any:
    archive = call.params.get("archive")
    return restore(call, "qemu", archive) if archive else create(call, "qemu")


@route("POST /nodes/{node}/lxc")
def create_container(call: Call) -> Any:
    """`ostemplate` names a template, or with `restore` a backup."""
    source = call.params["ostemplate"]
    if call.params.get("restore"):
        return restore(call, "lxc", source)
    volume(call, source)
    return create(call, "lxc")


def create(call: Call, kind: str) -> str:
    guest = Guest(call.params["vmid"], kind, call.node, {}, pool=call.params.get("pool"))
    may_allocate(call, guest)
    if guest.vmid in call.cluster.guests:
        other = call.cluster.guests[guest.vmid]
        raise failed(f"unable to create {guest.label} {guest.vmid} - {other.label} {guest.vmid} already exists")
    given = {key: text(value) for key, value in call.params.items() if key not in CREATION}
    if kind == "lxc":
        given.setdefault("rootfs", f"{call.params.get('storage', 'local')}:4")
        given["ostype"] = given.get("ostype", "debian")
    guest.config = {key: placed(call, guest, key, value) for key, value in given.items()}

    def effect() -> None:
        call.cluster.guests[guest.vmid] = guest
        if call.params.get("start"):
            power_on(call, guest)

    return call.task(f"{prefix(guest)}create", guest.vmid, effect)


def may_allocate(call: Call, guest: Guest) -> None:
    pool = f"/pool/{guest.pool}"
    if not (guest.pool and "VM.Allocate" in call.rights.have(pool)):
        call.rights.need(f"/vms/{guest.vmid}", "VM.Allocate")


def placed(call: Call, guest: Guest, key: str, value: str) -> str:
    """A disk asked for as `storage:GiB` becomes a volume of that storage."""
    if key in ROOT_ONLY:
        raise failed(f"only root can set '{key}' config")
    if key.startswith("net") and call.cluster.version >= "8.4" and (bridge := re.search(r"bridge=(\w+)", value)):
        call.rights.need(f"/sdn/zones/localnetwork/{bridge[1]}", "SDN.Use")
    asked = re.match(r"([\w.-]+):(\d+)(,.*)?$", value)
    if not DISK.fullmatch(key) or not asked:
        return value
    name, size, rest = asked[1], int(asked[2]), asked[3] or ""
    storage = call.cluster.storage(name)
    call.rights.need(f"/storage/{name}", "Datastore.AllocateSpace")
    volid = f"{name}:vm-{guest.vmid}-disk-{len(storage.volumes)}"
    storage.volumes.append(Volume(volid, "images", size * GIB, "raw", vmid=guest.vmid))
    return f"{volid},size={size}G{rest}"


def volume(call: Call, volid: str) -> Volume:
    storage = call.cluster.storage(volid.partition(":")[0])
    found = next((each for each in storage.volumes if each.volid == volid), None)
    if found is None:
        raise failed(f"volume '{volid}' does not exist")
    return found


def restore(call: Call, kind: str, volid: str) -> str:
    """Replaces an existing guest only with `force`, and never a running one."""
    vmid, backup = call.params["vmid"], volume(call, volid)
    old, origin = call.cluster.guests.get(vmid), backup.origin
    guest = Guest(vmid, kind, call.node, dict(origin.config if origin else {}), pool=call.params.get("pool"))
    if old is None or "VM.Backup" not in call.rights.have(f"/vms/{vmid}"):
        may_allocate(call, guest)
    if old and not call.params.get("force"):
        raise failed(f"unable to restore {guest.label} {vmid} - {old.label} {vmid} already exists on node '{old.node}'")
    if old and old.running:
        raise failed(f"unable to restore {guest.label} {vmid} - {old.label} is running")
    if old and old.config.get("protection") == "1":
        raise failed(f"unable to restore {guest.label} {vmid} - protection mode enabled")

    if kind == "lxc":
        may_place(call, guest)

    def effect() -> None:
        may_place(call, guest)
        guest.snapshots = {}
        call.cluster.guests[vmid] = guest

    return call.task("qmrestore" if kind == "qemu" else "vzrestore", vmid, effect)


def may_place(call: Call, guest: Guest) -> None:
    """Space for the restored disks: for containers asked before the task, for VMs only in it."""
    own = {value.partition(":")[0] for key, value in guest.config.items() if DISK.fullmatch(key) and ":" in value}
    for name in [call.params["storage"]] if "storage" in call.params else sorted(own):
        call.rights.need(f"/storage/{name}", "Datastore.AllocateSpace")


@guest_route("DELETE", "")
def delete(call: Call, guest: Guest) -> Any:
    if guest.config.get("protection") == "1":
        raise failed(f"can't remove {guest.label} {guest.vmid} - protection mode enabled")
    guest.unlocked()
    if guest.running:
        lxc = f"unable to destroy CT {guest.vmid} - container is running"
        raise failed(lxc if guest.kind == "lxc" else f"VM {guest.vmid} is running - destroy failed")

    def effect() -> None:
        del call.cluster.guests[guest.vmid]
        for storage in call.cluster.storages.values():
            storage.volumes[:] = [
                each for each in storage.volumes if each.content == "backup" or each.vmid != guest.vmid
            ]

    return call.task(f"{prefix(guest)}destroy", guest.vmid, effect)


@guest_route("POST", "/clone")
def clone(call: Call, guest: Guest) -> Any:
    newid, lxc = call.params["newid"], guest.kind == "lxc"
    if newid in call.cluster.guests:
        raise failed(f"unable to create VM {newid}: config file already exists")
    if lxc and guest.running and not call.params.get("snapname"):
        raise failed("Full clone of a running container is only possible from a snapshot")
    copied = {key: value for key, value in guest.config.items() if key not in {"template", "lock", "protection"}}
    name = call.params.get("hostname" if lxc else "name", f"Copy-of-{guest.name}")
    copied["hostname" if lxc else "name"] = name
    node = call.params.get("target", guest.node)
    copy = Guest(newid, guest.kind, node, copied, pool=call.params.get("pool"))

    def effect() -> None:
        call.cluster.guests[newid] = copy

    return call.locked_task(guest, "clone", f"{prefix(guest)}clone", effect)


@guest_route("POST", "/template")
def template(call: Call, guest: Guest) -> Any:
    guest.unlocked()
    if guest.running:
        raise failed(f"you can't convert a {guest.label} to template if {guest.label} is running")
    if guest.snapshots:
        raise failed("unable to create template, because it contains snapshots")

    def effect() -> None:
        guest.config["template"] = "1"

    if guest.kind == "qemu":
        return call.task("qmtemplate", guest.vmid, effect)
    call.cluster.writable()
    return effect()


@guest_route("POST", "/migrate")
def migrate(call: Call, guest: Guest) -> Any:
    target = call.params["target"]
    if target == guest.node:
        raise failed("target is local node.")
    call.cluster.reach(target)
    moves_live = call.params.get("online") or call.params.get("restart")
    if guest.running and not moves_live:
        raise failed(f"can't migrate running {guest.label} without --{'online' if guest.kind == 'qemu' else 'restart'}")

    def effect() -> None:
        guest.node = target

    return call.locked_task(guest, "migrate", "qmigrate" if guest.kind == "qemu" else "vzmigrate", effect)
