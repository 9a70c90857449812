"""A guest's configuration: reading it, changing it against a digest, growing a disk."""

import re
from typing import Any

from sandbox.proxmox.errors import failed
from sandbox.proxmox.routes import Call, guest_route
from sandbox.proxmox.state import Guest

CONTROL = {
    "node",
    "vmid",
    "digest",
    "delete",
    "revert",
    "force",
    "skiplock",
    "background_delay",
    "import-working-storage",
}
ROOT_ONLY = {"args", "hookscript", "arch"}
INTEGERS = {"cores", "sockets", "swap", "onboot", "protection", "template", "unprivileged"}
PRIVILEGES = {
    r"memory|balloon|swap|shares": "VM.Config.Memory",
    r"cores|sockets|cpu|cpulimit|cpuunits|vcpus|numa": "VM.Config.CPU",
    r"net\d+|nameserver|searchdomain|hostname": "VM.Config.Network",
    r"(scsi|sata|virtio|ide|mp)\d+|rootfs|scsihw": "VM.Config.Disk",
    r"ciuser|cipassword|sshkeys|ipconfig\d+|cicustom|citype|ciupgrade": "VM.Config.Cloudinit",
}


@guest_route("GET", "/config")
def config(_call: Call, guest: Guest) -> Any:
    shown = {key: int(text) if key in INTEGERS else text for key, text in guest.config.items()}
    return shown | {"digest": guest.digest} | ({"cipassword": "**********"} if "cipassword" in shown else {})


@guest_route("PUT", "/config")
def change(call: Call, guest: Guest) -> Any:
    """Changes at once; `cmode` of a running container waits for its next start."""
    guest.unlocked()
    call.cluster.writable()
    wanted = {key: text(value) for key, value in call.params.items() if key not in CONTROL}
    gone = [key for key in re.split(r"[,; ]+", call.params.get("delete", "")) if key]
    for key in [*wanted, *gone]:
        allowed(call, guest, key)
    if call.params.get("digest", guest.digest) != guest.digest:
        raise failed("detected modified configuration - file changed by other user? Try again.")
    if guest.running and guest.kind == "lxc" and "cmode" in wanted:
        guest.pending["cmode"] = wanted.pop("cmode")
    guest.config.update(wanted)
    for key in gone:
        guest.config.pop(key, None)


@guest_route("GET", "/pending")
def pending(_call: Call, guest: Guest) -> Any:
    """Every option with its value now and, where they differ, after the next start."""
    now = [{"key": key, "value": value} for key, value in guest.config.items() if key not in guest.pending]
    later = [{"key": key, "pending": value, "value": guest.config.get(key)} for key, value in guest.pending.items()]
    return now + later


def allowed(call: Call, guest: Guest, key: str) -> None:
    if key in ROOT_ONLY:
        raise failed(f"only root can set '{key}' config")
    needed = next((right for names, right in PRIVILEGES.items() if re.fullmatch(names, key)), "VM.Config.Options")
    call.rights.need(f"/vms/{guest.vmid}", needed)


def text(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


@guest_route("PUT", "/resize")
def resize(call: Call, guest: Guest) -> Any:
    """Grows a disk; shrinking is refused."""
    guest.unlocked()
    disk, size = call.params["disk"], call.params["size"]
    if disk not in guest.config:
        raise failed(f"disk '{disk}' does not exist")
    old = re.search(r"size=(\d+)G", guest.config[disk])
    before = int(old[1]) if old else 0
    after = before + int(size[1:-1]) if size.startswith("+") else int(size.rstrip("G"))
    if after < before:
        raise failed("shrinking disks is not supported")

    def effect() -> None:
        guest.config[disk] = re.sub(r"size=\d+G", f"size={after}G", guest.config[disk])

    task = call.task("resize", guest.vmid, effect)
    return None if call.cluster.version == "7.4" and guest.kind == "qemu" else task
