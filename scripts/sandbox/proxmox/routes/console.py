"""Opening a container's console: a ticket for the WebSocket, which the server module then serves."""

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.proxmox.errors import ApiError, failed
from sandbox.proxmox.routes import Call, guest_route
from sandbox.proxmox.state import Guest

LIFE = 40.0


@dataclass
class Ticket:
    """What a console ticket is good for."""

    port: int
    user: str
    vmid: int
    expires: float


@guest_route("POST", "/termproxy", "lxc")
def termproxy(call: Call, guest: Guest) -> Any:
    if not guest.running:
        raise failed(f"CT {guest.vmid} not running")
    cluster, user = call.cluster, call.token.id
    port = 5900 + len(cluster.tickets) % 100
    ticket = f"PVEVNC:{int(cluster.clock.now()):08X}::{secrets.token_urlsafe(48)}"
    cluster.tickets[ticket] = Ticket(port, user, guest.vmid, cluster.clock.now() + LIFE)
    upid = call.task("vncproxy", guest.vmid, lambda: None)
    return {"user": user, "ticket": ticket, "port": str(port), "upid": upid}


@guest_route("GET", "/vncwebsocket", "lxc")
def vncwebsocket(call: Call, guest: Guest) -> Any:
    """Check the ticket; what follows is no longer HTTP."""
    ticket = call.cluster.tickets.get(call.params["vncticket"])
    if ticket is None or ticket.expires < call.cluster.clock.now() or ticket.vmid != guest.vmid:
        raise ApiError(401, "permission denied - invalid PVEVNC ticket")
    if ticket.port != call.params["port"]:
        raise ApiError(596, "Connection refused")
    return guest
