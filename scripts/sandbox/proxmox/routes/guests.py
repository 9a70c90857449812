"""One guest: its state now, and its recorded measurements."""

from typing import Any

from sandbox.proxmox.routes import Call, guest_route
from sandbox.proxmox.routes.cluster import usage
from sandbox.proxmox.state import Guest

SPAN = {"hour": 60, "day": 1_800, "week": 10_800, "month": 43_200, "year": 604_800, "decade": 604_800}


@guest_route("GET", "/status/current")
def current(call: Call, guest: Guest) -> Any:
    state: dict[str, Any] = usage(call, guest) | {"vmid": guest.vmid, "ha": {"managed": 0}, "cpus": guest.cores}
    state.pop("maxcpu")
    if guest.kind == "qemu":
        running = ("paused" if guest.paused else "running") if guest.running else "stopped"
        state |= {"qmpstatus": running, "agent": int(guest.config.get("agent", "0").startswith("1"))}
    else:
        state |= {"type": "lxc", "swap": 0, "maxswap": 512 * 2**20}
    if guest.running:
        state["pid"] = 10_000 + guest.vmid
    return state | {key: guest.config[key] for key in ("tags", "lock") if key in guest.config}


@guest_route("GET", "/rrddata")
def measurements(call: Call, guest: Guest) -> Any:
    """Seventy points; gaps, as while a guest was off, hold only the time."""
    step, now = SPAN[call.params["timeframe"]], int(call.cluster.clock.now())
    points: list[dict[str, Any]] = []
    for number in range(70):
        point: dict[str, Any] = {"time": now - now % step - (69 - number) * step}
        if guest.running and number > 5:
            cpu = guest.cpu * (1 + number % 5 / 10)
            point |= {"cpu": cpu, "maxcpu": guest.cores, "mem": guest.memory / 3, "maxmem": guest.memory}
            point |= {"netin": 100.5, "netout": 50.25, "diskread": 0.0, "diskwrite": 4096.0}
        points.append(point)
    return points
