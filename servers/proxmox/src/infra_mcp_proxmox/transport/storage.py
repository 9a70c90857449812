"""The calls about storages, what is on them, and what is put there."""

from typing import TypedDict

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.domain.storage import Volume
from infra_mcp_proxmox.domain.task import Upid
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.paths import path


class _VolumeRow(TypedDict, total=False):
    volid: str
    content: str
    size: int
    format: str
    vmid: int
    ctime: float
    notes: str
    protected: int


class Storages:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def content(
        self, node: str, storage: str, content: str | None = None, vmid: int | None = None
    ) -> list[Volume]:
        """What a storage holds, as this node has it."""
        where = path("nodes", node, "storage", storage, "content")
        return [_volume(row) for row in await self._client.rows(where, {"content": content, "vmid": vmid})]

    async def content_everywhere(
        self, resources: ClusterResources, content: str, storage: str | None, vmid: int | None
    ) -> tuple[list[Volume], list[str]]:
        """Volumes of one kind on all storages that may hold it, and which of those could not be read.

        A shared storage is read once, through any node that is online.
        """
        found: list[Volume] = []
        unread: list[str] = []
        for each in resources.storages_for(content, storage):
            try:
                found += await self.content(each.node, each.name, content, vmid)
            except InfraError as error:
                unread.append(f"{each.name} on {each.node}: {error.problem}")
        return found, unread

    async def backup(self, guest: GuestRef, storage: str, mode: str, notes: str | None) -> Upid | None:
        """Back a guest up; backups that are there are kept."""
        given = {
            "vmid": guest.vmid,
            "storage": storage,
            "mode": mode,
            "compress": "zstd",
            "remove": False,
            "notes-template": notes.replace("\\", "\\\\").replace("\n", "\\n") if notes else None,
        }
        return await self._client.change("POST", path("nodes", guest.node, "vzdump"), given)

    async def download_iso(self, node: str, storage: str, url: str, filename: str, sha256: str | None) -> Upid | None:
        """Have the node itself fetch an image."""
        check = {"checksum": sha256, "checksum-algorithm": "sha256"} if sha256 else {}
        given = {"url": url, "filename": filename, "content": "iso", **check}
        return await self._client.change("POST", path("nodes", node, "storage", storage, "download-url"), given)

    async def templates(self, node: str) -> list[str]:
        """The container templates in Proxmox's own catalogue."""
        return [str(row["template"]) for row in await self._client.rows(path("nodes", node, "aplinfo"))]

    async def download_template(self, node: str, storage: str, template: str) -> Upid | None:
        given = {"storage": storage, "template": template}
        return await self._client.change("POST", path("nodes", node, "aplinfo"), given)


def _volume(row: _VolumeRow) -> Volume:
    return Volume(
        volid=row["volid"],
        content=row.get("content") or "unknown",
        size=int(row.get("size") or 0),
        format=row.get("format"),
        vmid=row.get("vmid"),
        created=row.get("ctime"),
        notes=row.get("notes"),
        protected=bool(row.get("protected")),
    )
