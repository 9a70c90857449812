"""What a guest says of itself: the QEMU agent, and a container's interfaces. Commands run in a real local shell."""

import subprocess
from typing import Any

from sandbox.proxmox.errors import failed
from sandbox.proxmox.routes import Call, guest_route
from sandbox.proxmox.state import Guest

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/"}


def need_agent(guest: Guest) -> None:
    if not guest.config.get("agent", "0").startswith("1"):
        raise failed("No QEMU guest agent configured")
    if not guest.running:
        raise failed(f"VM {guest.vmid} is not running")
    if not guest.agent:
        raise failed("QEMU guest agent is not running")


def agents_form(addresses: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "ip-address": address.partition("/")[0],
            "prefix": int(address.partition("/")[2] or 24),
            "ip-address-type": "ipv6" if ":" in address else "ipv4",
        }
        for address in addresses
    ]


def interfaces(guest: Guest) -> list[tuple[str, str, list[str]]]:
    """Name, hardware address and addresses of each interface."""
    tail = f"{guest.vmid // 256 % 256:02x}:{guest.vmid % 256:02x}"
    others = [
        (name, f"bc:24:11:{number:02x}:{tail}", own) for number, (name, own) in enumerate(guest.others.items(), 1)
    ]
    return [*others, ("eth0", f"bc:24:11:00:{tail}", guest.addresses)]


@guest_route("GET", "/agent/network-get-interfaces", "qemu")
def agent_interfaces(_call: Call, guest: Guest) -> Any:
    need_agent(guest)
    loopback = {"ip-address": "127.0.0.1", "prefix": 8, "ip-address-type": "ipv4"}
    bridge = {"ip-address": "172.17.0.1", "prefix": 16, "ip-address-type": "ipv4"}
    return {
        "result": [
            {"name": "lo", "hardware-address": "00:00:00:00:00:00", "ip-addresses": [loopback]},
            {"name": "docker0", "hardware-address": "02:42:00:00:00:01", "ip-addresses": [bridge]},
            *(
                {"name": name, "hardware-address": hardware, "ip-addresses": agents_form(own)}
                for name, hardware, own in interfaces(guest)
            ),
        ]
    }


@guest_route("GET", "/interfaces", "lxc")
def container_interfaces(call: Call, guest: Guest) -> Any:
    """Null while the container is off. Only newer servers list every address."""
    if not guest.running:
        return None
    rows = [container_row(call, *each) for each in interfaces(guest)]
    return [{"name": "lo", "hwaddr": "00:00:00:00:00:00", "inet": "127.0.0.1/8"}, *rows]


def container_row(call: Call, name: str, hardware: str, own: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "hwaddr": hardware, "hardware-address": hardware}
    for address in own:
        row.setdefault("inet6" if ":" in address else "inet", address)
    return row | ({"ip-addresses": agents_form(own)} if call.cluster.version >= "9" else {})


@guest_route("POST", "/agent/exec", "qemu")
def agent_exec(call: Call, guest: Guest) -> Any:
    """An array of words, in 7.4 one string with NUL between them."""
    need_agent(guest)
    given = call.params["command"]
    words = given if isinstance(given, list) else given.split("\0")
    pipe, feed = subprocess.PIPE, call.params.get("input-data")
    child = subprocess.Popen(
        words, stdin=pipe, stdout=pipe, stderr=pipe, env=ENVIRONMENT, cwd="/", start_new_session=True
    )
    call.cluster.commands[child.pid] = {"child": child, "feed": feed.encode() if feed else b"", "answer": None}
    return {"pid": child.pid}


@guest_route("GET", "/agent/exec-status", "qemu")
def agent_exec_status(call: Call, guest: Guest) -> Any:
    """The final state is told once."""
    need_agent(guest)
    record = call.cluster.commands.get(call.params["pid"])
    if record is None:
        raise failed(f"Agent error: PID {call.params['pid']} does not exist")
    try:
        out, err = record["child"].communicate(record["feed"], timeout=0.05)
    except subprocess.TimeoutExpired:
        return {"exited": 0}
    del call.cluster.commands[call.params["pid"]]
    return ended(record["child"].returncode, out, err)


def ended(code: int, out: bytes, err: bytes) -> dict[str, Any]:
    status: dict[str, Any] = {"exited": 1} | ({"signal": -code} if code < 0 else {"exitcode": code})
    texts = {"out-data": out.decode("latin-1"), "err-data": err.decode("latin-1")}
    return status | {key: text for key, text in texts.items() if text}
