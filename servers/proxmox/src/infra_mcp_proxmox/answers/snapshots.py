"""Snapshots of guests."""

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.domain.snapshot import Snapshot as DomainSnapshot
from infra_mcp_proxmox.domain.snapshot import Snapshots
from infra_mcp_proxmox.domain.task import moment


class Snapshot(Result):
    name: str
    description: str | None = None
    time: str | None = None
    parent: str | None = None
    with_memory: bool | None = None

    @classmethod
    def of(cls, snapshot: DomainSnapshot) -> "Snapshot":
        return cls(
            name=snapshot.name,
            description=snapshot.description,
            time=moment(snapshot.time),
            parent=snapshot.parent,
            with_memory=snapshot.with_memory or None,
        )


class SnapshotList(Result):
    vmid: int
    snapshots: list[Snapshot]
    current_parent: str | None = Field(default=None, description="The snapshot that the present state came from")

    @classmethod
    def of(cls, guest: GuestRef, snapshots: Snapshots) -> "SnapshotList":
        known = [Snapshot.of(snapshot) for snapshot in snapshots.known]
        return cls(vmid=guest.vmid, snapshots=known, current_parent=snapshots.current_parent)
