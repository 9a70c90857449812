"""Starting and stopping. What the real server refuses at once and what fails later in its task differ by kind."""

from collections.abc import Callable
from typing import Any

from sandbox.proxmox.errors import failed
from sandbox.proxmox.routes import Call, guest_route
from sandbox.proxmox.state import Guest


def prefix(guest: Guest) -> str:
    return "qm" if guest.kind == "qemu" else "vz"


def power_on(call: Call, guest: Guest) -> None:
    if guest.running:
        raise failed(f"{guest.label} {guest.vmid} already running")
    guest.config.update(guest.pending)
    guest.pending.clear()
    guest.running, guest.paused, guest.started = True, False, call.cluster.clock.now()


def power_off(guest: Guest) -> None:
    guest.running = guest.paused = False


def must_run(guest: Guest) -> None:
    if not guest.running:
        raise failed(f"{guest.label} {guest.vmid} not running")


@guest_route("POST", "/status/start")
def start(call: Call, guest: Guest) -> Any:
    """A container that runs is refused at once; a VM that runs fails in its task."""
    guest.unlocked()
    if "template" in guest.config:
        raise failed(f"you can't start a {'vm' if guest.kind == 'qemu' else 'CT'} if it's a template")
    if guest.kind == "lxc" and guest.running:
        raise failed(f"CT {guest.vmid} already running")
    # The HA manager's own task only takes the order.
    if guest.ha:
        return call.task("hastart", guest.vmid, lambda: None)
    return call.task(f"{prefix(guest)}start", guest.vmid, lambda: power_on(call, guest))


@guest_route("POST", "/status/stop")
def stop(call: Call, guest: Guest) -> Any:
    guest.unlocked()
    if guest.kind == "lxc":
        must_run(guest)
    return call.task(f"{prefix(guest)}stop", guest.vmid, lambda: power_off(guest))


@guest_route("POST", "/status/shutdown")
def shutdown(call: Call, guest: Guest) -> Any:
    guest.unlocked()
    if guest.kind == "lxc":
        must_run(guest)
    return call.task(f"{prefix(guest)}shutdown", guest.vmid, lambda: power_off(guest))


@guest_route("POST", "/status/reboot")
def reboot(call: Call, guest: Guest) -> Any:
    guest.unlocked()
    must_run(guest)
    return call.task(f"{prefix(guest)}reboot", guest.vmid, restart(call, guest))


def restart(call: Call, guest: Guest) -> Callable[[], None]:
    def effect() -> None:
        guest.started = call.cluster.clock.now()

    return effect


@guest_route("POST", "/status/suspend")
def suspend(call: Call, guest: Guest) -> Any:
    """Pauses in memory, or to disk with `todisk`."""
    guest.unlocked()
    must_run(guest)

    def effect() -> None:
        if call.params.get("todisk"):
            power_off(guest)
            guest.config["lock"] = "suspended"
        guest.paused = True

    return call.task(f"{prefix(guest)}suspend", guest.vmid, effect)


@guest_route("POST", "/status/resume")
def resume(call: Call, guest: Guest) -> Any:
    def effect() -> None:
        if guest.config.get("lock") == "suspended":
            del guest.config["lock"]
            guest.running = True
        must_run(guest)
        guest.paused = False

    return call.task(f"{prefix(guest)}resume", guest.vmid, effect)
