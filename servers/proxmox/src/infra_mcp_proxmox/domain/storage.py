"""Storages, and the volumes on them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from infra_mcp_common.errors import InvalidInput
from infra_mcp_proxmox.domain.guest import GuestType
from infra_mcp_proxmox.domain.node import share

_BACKUP = re.compile(r"[\w.-]+:.*(?:vzdump-(?P<file>lxc|qemu|openvz)-\d+-|backup/(?P<pbs>ct|vm)/\d+/).*")


@dataclass(frozen=True)
class Storage:
    """A storage as one node has it."""

    name: str
    node: str
    type: str | None
    shared: bool
    content: tuple[str, ...]
    status: str
    used: int | None
    total: int | None

    @property
    def key(self) -> str:
        """The same for all nodes that share it, and unique otherwise."""
        return self.name if self.shared else f"{self.node}/{self.name}"

    @property
    def available(self) -> bool:
        return self.status == "available"

    @property
    def used_percent(self) -> float:
        return share(self.used, self.total)


@dataclass(frozen=True)
class Volume:
    """A file or disk on a storage. created: seconds of the epoch."""

    volid: str
    content: str
    size: int
    format: str | None
    vmid: int | None
    created: float | None
    notes: str | None
    protected: bool


def by_storage(rows: Iterable[Storage]) -> list[list[Storage]]:
    """Storages as the nodes have them, those that are one and the same together."""
    found: dict[str, list[Storage]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return list(found.values())


def guest_type_of_backup(volid: str) -> GuestType:
    """Whether a backup holds a VM or a container, by its name."""
    found = _BACKUP.fullmatch(volid)
    if found is None:
        raise InvalidInput(f"{volid!r} is no backup's volid.", "list_backups shows them, as storage:backup/vzdump-...")
    return "qemu" if "qemu" in (found["file"] or "") or found["pbs"] == "vm" else "lxc"
