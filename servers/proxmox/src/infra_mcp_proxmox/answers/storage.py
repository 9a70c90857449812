"""Storages and what they hold. Sizes are bytes, times ISO 8601 in UTC."""

from collections.abc import Iterable

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.domain.storage import Storage as DomainStorage
from infra_mcp_proxmox.domain.storage import Volume as DomainVolume
from infra_mcp_proxmox.domain.storage import by_storage
from infra_mcp_proxmox.domain.task import moment


class Storage(Result):
    storage: str
    type: str | None = None
    shared: bool
    nodes: list[str] = Field(description="Nodes that have it; with a shared one all see the same content")
    content: list[str] = Field(description="What it may hold: images, rootdir, iso, vztmpl, backup, ...")
    status: str = Field(description="available, or unknown where no node of it answers")
    used: int | None = None
    total: int | None = None
    used_percent: float | None = None

    @classmethod
    def of(cls, rows: list[DomainStorage]) -> "Storage":
        """One storage, as each of its nodes has it."""
        best = next((row for row in rows if row.available), rows[0])
        return cls(
            storage=best.name,
            type=best.type,
            shared=best.shared,
            nodes=[row.node for row in rows],
            content=list(best.content),
            status=best.status,
            used=best.used,
            total=best.total,
            used_percent=round(best.used_percent, 1) if best.total else None,
        )


class StorageList(Result):
    storages: list[Storage]
    note: str | None = None

    @classmethod
    def of(cls, resources: ClusterResources) -> "StorageList":
        found = [Storage.of(rows) for rows in by_storage(resources.storages)]
        note = None if found else "An empty list mostly means missing rights (Datastore.Audit); whoami shows them."
        return cls(storages=found, note=note)


class Volume(Result):
    """A file or disk of a storage."""

    volid: str = Field(description="storage:path, as other tools take it")
    content: str
    size: int
    format: str | None = None
    vmid: int | None = None
    created: str | None = None
    notes: str | None = None
    protected: bool | None = None

    @classmethod
    def of(cls, volume: DomainVolume) -> "Volume":
        return cls(
            volid=volume.volid,
            content=volume.content,
            size=volume.size,
            format=volume.format,
            vmid=volume.vmid,
            created=moment(volume.created),
            notes=volume.notes,
            protected=volume.protected or None,
        )


class VolumeList(Page):
    volumes: list[Volume]
    unread: list[str] = Field(default_factory=list, description="Storages that could not be read, and why")

    @classmethod
    def of(cls, volumes: Iterable[DomainVolume], where: Page, unread: Iterable[str] = ()) -> "VolumeList":
        return cls(**where.model_dump(), volumes=[Volume.of(volume) for volume in volumes], unread=list(unread))
