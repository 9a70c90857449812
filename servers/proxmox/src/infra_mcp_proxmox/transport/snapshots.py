"""The calls about snapshots of a guest."""

from typing import TypedDict

from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.domain.snapshot import Snapshot, Snapshots
from infra_mcp_proxmox.domain.task import Upid
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.paths import guest_path


class _SnapshotRow(TypedDict, total=False):
    """The row named current is none: it is the present state."""

    name: str
    description: str
    snaptime: float
    parent: str
    vmstate: int
    running: int


class GuestSnapshots:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def of(self, guest: GuestRef) -> Snapshots:
        rows: list[_SnapshotRow] = await self._client.rows(guest_path(guest, "snapshot"))
        current = next((row for row in rows if row.get("name") == "current"), _SnapshotRow())
        known = tuple(_snapshot(row) for row in rows if row.get("name") != "current")
        return Snapshots(known, current.get("parent"), running=bool(current.get("running")))

    async def create(self, guest: GuestRef, name: str, description: str | None, *, with_memory: bool) -> Upid | None:
        given = {"snapname": name, "description": description, "vmstate": with_memory or None}
        return await self._client.change("POST", guest_path(guest, "snapshot"), given)

    async def rollback(self, guest: GuestRef, name: str, *, start: bool) -> Upid | None:
        where = guest_path(guest, "snapshot", name, "rollback")
        return await self._client.change("POST", where, {"start": start or None}, kind="destructive")

    async def delete(self, guest: GuestRef, name: str) -> Upid | None:
        return await self._client.change("DELETE", guest_path(guest, "snapshot", name), {})


def _snapshot(row: _SnapshotRow) -> Snapshot:
    return Snapshot(
        name=row["name"],
        description=row.get("description") or None,
        time=row.get("snaptime"),
        parent=row.get("parent"),
        with_memory=bool(row.get("vmstate")),
    )
