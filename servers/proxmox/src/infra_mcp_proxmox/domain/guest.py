"""VMs and containers: how they are named, and what a listing tells of them."""

from dataclasses import dataclass
from typing import Literal

from infra_mcp_common.errors import InvalidInput

LOWEST_ID, HIGHEST_ID = 100, 999_999_999
GuestType = Literal["qemu", "lxc"]


@dataclass(frozen=True)
class GuestRef:
    """A guest at its place: what a request needs. name: where it is known."""

    vmid: int
    type: GuestType
    node: str
    name: str | None = None

    @property
    def label(self) -> str:
        return f"{'container' if self.type == 'lxc' else 'VM'} {self.vmid}"


@dataclass(frozen=True)
class Guest(GuestRef):
    """A guest as the cluster's listing shows it, some seconds behind. Usage is known of running ones only."""

    status: str = "unknown"
    template: bool = False
    cpu_percent: float | None = None
    cpus: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    disk_total: int | None = None
    uptime_seconds: int | None = None
    tags: tuple[str, ...] = ()
    pool: str | None = None
    lock: str | None = None

    @property
    def running(self) -> bool:
        return self.status == "running"

    def require_type(self, wanted: GuestType | None) -> None:
        """Refuse a container where a VM is meant, and the other way round."""
        if wanted and self.type != wanted:
            kind, plural = ("container", "containers") if self.type == "lxc" else ("VM", "VMs")
            raise InvalidInput(f"{self.vmid} is a {kind}.", f"Use the tool for {plural}.")


@dataclass(frozen=True)
class GuestStatus:
    """What the node says of a guest now, without the lag of the listing."""

    status: str | None
    cpu_percent: float | None
    memory_used: int | None
    uptime_seconds: int | None
    lock: str | None
    paused: bool

    @property
    def running(self) -> bool:
        return self.status == "running"


@dataclass(frozen=True)
class GuestFilter:
    """Which guests a listing shows; None for any. name: a part of the name, whatever its case."""

    type: GuestType | None = None
    status: str | None = None
    node: str | None = None
    tag: str | None = None
    pool: str | None = None
    name: str | None = None

    def fits(self, guest: Guest) -> bool:
        return (
            self.type in (None, guest.type)
            and self.status in (None, guest.status)
            and self.node in (None, guest.node)
            and (self.tag is None or self.tag in guest.tags)
            and self.pool in (None, guest.pool)
            and (self.name is None or self.name.lower() in (guest.name or "").lower())
        )


def parse_vmid(wanted: int | str) -> int | None:
    """The number where a guest is named by one; it may be of a guest that is no more. None for a name."""
    text = str(wanted).strip()
    if not text.isdecimal():
        return None
    if not LOWEST_ID <= int(text) <= HIGHEST_ID:
        raise InvalidInput(
            "guest is no id of a guest.", f"Ids go from {LOWEST_ID} to {HIGHEST_ID}; a name will do too."
        )
    return int(text)


def split_tags(text: str | None) -> tuple[str, ...]:
    """Tags as a configuration writes them, whatever parts them."""
    return tuple(tag for tag in (text or "").replace(",", ";").replace(" ", ";").split(";") if tag)
