"""What the cluster says it holds, and which guest is meant: one `/cluster/resources` call answers both."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from infra_mcp_common.errors import Conflict, InvalidInput, NotFound
from infra_mcp_common.tool_calls import call_context
from infra_mcp_proxmox.answers.guests import Guest, Node
from infra_mcp_proxmox.domain.guest import HIGHEST_ID, LOWEST_ID, GuestRef, GuestType
from infra_mcp_proxmox.transport.api import Api, Row


@dataclass(frozen=True)
class Inventory:
    """One answer of `/cluster/resources`, read."""

    rows: list[Row]

    @cached_property
    def nodes(self) -> list[Node]:
        return sorted((_node(row) for row in self.rows if row.get("type") == "node"), key=lambda node: node.node)

    @cached_property
    def guests(self) -> list[Guest]:
        return sorted(map(_guest, self._guest_rows), key=lambda guest: guest.vmid)

    @property
    def _guest_rows(self) -> list[Row]:
        return [row for row in self.rows if row.get("type") in ("qemu", "lxc")]

    @property
    def storages(self) -> list[Row]:
        return [row for row in self.rows if row.get("type") == "storage"]

    @property
    def offline_nodes(self) -> list[str]:
        return [node.node for node in self.nodes if node.status != "online"]

    def node(self, name: str) -> Node:
        """The node of this name; NotFound lists those there are."""
        for node in self.nodes:
            if node.node == name:
                call_context.check_target(name)
                return node
        raise NotFound(f"There is no node {name!r}.", f"There are: {', '.join(node.node for node in self.nodes)}.")

    def find(self, wanted: int | str, only: GuestType | None = None) -> Guest:
        """The guest with this id or name. Names need not be unique, so two of one name are refused."""
        text = str(wanted).strip()
        # Of a thousand rows only those that fit are read in full.
        found = [_guest(row) for row in self._guest_rows if text in (str(row["vmid"]), row.get("name"))]
        by_id = [guest for guest in found if str(guest.vmid) == text]
        chosen = by_id or found
        if len(chosen) > 1:
            ids = ", ".join(str(guest.vmid) for guest in chosen)
            raise Conflict(f"{len(chosen)} guests are called {text!r}: {ids}.", "Name the one you mean by its id.")
        if not chosen:
            raise self._not_found(text)
        guest = chosen[0]
        aim(guest)
        if only and guest.type != only:
            raise InvalidInput(_wrong_kind(guest), _other_tool(guest))
        return guest

    def _not_found(self, text: str) -> NotFound:
        names = [name for guest in self.guests for name in (guest.name or "", str(guest.vmid)) if name]
        near = difflib.get_close_matches(text, names, 3)
        hint = f"Near to it: {', '.join(near)}. " if near else ""
        away = f" Guests on {', '.join(self.offline_nodes)} (offline) have no names now." if self.offline_nodes else ""
        return NotFound(
            f"This token sees no guest {text!r}, among {len(self.guests)}.",
            f"{hint}Guests without the right VM.Audit are left out silently; whoami shows the rights.{away}",
        )


def aim_all(seen: Inventory, ids: set[str]) -> list[Guest]:
    """Note all guests of these ids as what the running call acts on, those that the token doesn't see included."""
    known = [guest for guest in seen.guests if str(guest.vmid) in ids] if ids else []
    for guest in known:
        aim(guest)
    for unseen in sorted(ids - {str(guest.vmid) for guest in known}):
        call_context.check_target(unseen)
    return known


def aim(guest: Guest) -> None:
    """Note the guest as what the running call acts on; the operator's lists may name it by id or by name."""
    call_context.check_target(str(guest.vmid), *([guest.name] if guest.name else []))


async def take(api: Api) -> Inventory:
    return Inventory(await api.resources())


async def find(api: Api, wanted: int | str, only: GuestType | None = None) -> Guest:
    """The guest that is meant, with its node and type."""
    return (await take(api)).find(wanted, only)


def as_id(wanted: int | str) -> int | None:
    """The number where a guest is named by one; it may be of a guest that is no more. None for a name."""
    text = str(wanted).strip()
    if not text.isdecimal():
        return None
    if not LOWEST_ID <= int(text) <= HIGHEST_ID:
        raise InvalidInput(
            "guest is no id of a guest.", f"Ids go from {LOWEST_ID} to {HIGHEST_ID}; a name will do too."
        )
    return int(text)


def ref(guest: Guest) -> GuestRef:
    return GuestRef(guest.vmid, guest.type, guest.node)


def tags(text: str | None) -> list[str]:
    return [tag for tag in (text or "").replace(",", ";").replace(" ", ";").split(";") if tag]


def _wrong_kind(guest: Guest) -> str:
    return f"{guest.vmid} is a {'container' if guest.type == 'lxc' else 'VM'}."


def _other_tool(guest: Guest) -> str:
    return f"Use the tool for {'containers' if guest.type == 'lxc' else 'VMs'}."


def _node(row: Row) -> Node:
    return Node(
        node=row["node"],
        status="online" if row.get("status") == "online" else "offline",
        cpu_percent=percent(row.get("cpu")),
        cpus=row.get("maxcpu"),
        memory_used=row.get("mem"),
        memory_total=row.get("maxmem"),
        disk_used=row.get("disk"),
        disk_total=row.get("maxdisk"),
        uptime_seconds=row.get("uptime"),
    )


def _guest(row: Row) -> Guest:
    running = row.get("status") == "running"
    return Guest(
        vmid=int(row["vmid"]),
        name=row.get("name"),
        type=row["type"],
        node=row["node"],
        status=row.get("status") or "unknown",
        template=bool(row.get("template")) or None,
        cpu_percent=percent(row.get("cpu")) if running else None,
        cpus=row.get("maxcpu"),
        memory_used=row.get("mem") if running else None,
        memory_total=row.get("maxmem"),
        disk_total=row.get("maxdisk"),
        uptime_seconds=row.get("uptime") if running else None,
        tags=tags(row.get("tags")) or None,
        pool=row.get("pool"),
        lock=row.get("lock"),
    )


def percent(fraction: float | None) -> float | None:
    return None if fraction is None else round(fraction * 100, 1)


def filtered(
    guests: Iterable[Guest],
    *,
    status: str | None,
    node: str | None,
    tag: str | None,
    pool: str | None,
    name: str | None,
) -> list[Guest]:
    """The guests that fit all filters given; `name` is a part of the name, whatever its case."""
    return [
        guest
        for guest in guests
        if (status in (None, guest.status))
        and (node in (None, guest.node))
        and (tag is None or tag in (guest.tags or []))
        and (pool in (None, guest.pool))
        and (name is None or name.lower() in (guest.name or "").lower())
    ]
