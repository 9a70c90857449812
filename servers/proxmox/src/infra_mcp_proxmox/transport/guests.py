"""The calls about one guest. Changes return their task, or None where there is none."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from infra_mcp_common.guard.kinds import Kind
from infra_mcp_proxmox.domain.config import Config, Option
from infra_mcp_proxmox.domain.guest import Guest, GuestRef, GuestStatus, GuestType
from infra_mcp_proxmox.domain.metrics import Metrics
from infra_mcp_proxmox.domain.node import percent
from infra_mcp_proxmox.domain.task import Upid
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.client import Client, Params
from infra_mcp_proxmox.transport.cluster import Cluster
from infra_mcp_proxmox.transport.paths import guest_path, path

Power = Literal["start", "stop", "shutdown", "reboot", "suspend", "resume"]


class _StatusRow(TypedDict, total=False):
    status: str
    qmpstatus: str
    cpu: float
    mem: int
    uptime: int
    lock: str


class _PendingRow(TypedDict, total=False):
    key: str
    pending: str
    delete: int


class Guests:
    """VMs and containers: looking at them, and changing them."""

    def __init__(self, client: Client, cluster: Cluster) -> None:
        self._client, self._cluster = client, cluster

    async def find(self, wanted: int | str, only: GuestType | None = None) -> Guest:
        """The guest that is meant, by id or name, with its node and type."""
        return targets.guest(await self._cluster.resources(), wanted, only)

    async def status(self, guest: GuestRef) -> GuestStatus:
        row: _StatusRow = await self._client.row(guest_path(guest, "status", "current"))
        running = row.get("status") == "running"
        return GuestStatus(
            status=row.get("status"),
            cpu_percent=percent(row.get("cpu")) if running else None,
            memory_used=row.get("mem") if running else None,
            uptime_seconds=row.get("uptime") if running else None,
            lock=row.get("lock"),
            paused=row.get("qmpstatus") == "paused",
        )

    async def config(self, guest: GuestRef) -> Config:
        found: Config = await self._client.row(guest_path(guest, "config"))
        return found

    async def pending(self, guest: GuestRef) -> list[str]:
        """The options whose change waits for the guest's next start."""
        rows: list[_PendingRow] = await self._client.rows(guest_path(guest, "pending"))
        return [row["key"] for row in rows if "pending" in row or row.get("delete")]

    async def metrics(self, guest: GuestRef, timeframe: str, points: int) -> Metrics:
        """What was measured in the last hour, day, ..., in at most so many points."""
        asked = {"timeframe": timeframe, "cf": "AVERAGE"}
        return Metrics.summed_up(await self._client.rows(guest_path(guest, "rrddata"), asked), points)

    async def power(self, guest: GuestRef, action: Power, params: Params | None = None) -> Upid | None:
        return await self._client.change("POST", guest_path(guest, "status", action), params or {})

    async def change_config(
        self, guest: GuestRef, changed: Mapping[str, Option], removed: list[str], digest: str | None
    ) -> None:
        """Set options and remove others. digest: only if the configuration still has this one."""
        given = {**changed, "delete": ",".join(removed) or None, "digest": digest}
        await self._client.data("PUT", guest_path(guest, "config"), given, timeout=60)

    async def resize(self, guest: GuestRef, disk: str, size: str) -> Upid | None:
        return await self._client.change("PUT", guest_path(guest, "resize"), {"disk": disk, "size": size})

    async def create(self, guest: GuestRef, params: Params) -> Upid | None:
        """A new guest, or one from a backup: what a backup overwrites is lost."""
        does: Kind = "destructive" if params.get("force") else "write"
        given = {**params, "vmid": guest.vmid}
        return await self._client.change("POST", path("nodes", guest.node, guest.type), given, kind=does)

    async def restore(self, guest: GuestRef, backup: str, storage: str | None, *, overwrite: bool) -> Upid | None:
        """This guest as a backup has it. storage: for its disks, else where they were."""
        source = {"archive": backup} if guest.type == "qemu" else {"ostemplate": backup, "restore": True}
        return await self.create(guest, {**source, "storage": storage, "force": overwrite or None})

    async def clone(
        self, guest: GuestRef, copy: GuestRef, *, snapshot: str | None, storage: str | None, full: bool | None
    ) -> Upid | None:
        """A copy of a guest, or of its snapshot. full: all data instead of a link to a template."""
        given = {
            "newid": copy.vmid,
            "hostname" if guest.type == "lxc" else "name": copy.name,
            "target": copy.node if copy.node != guest.node else None,
            "snapname": snapshot,
            "storage": storage,
            "full": full,
        }
        return await self._client.change("POST", guest_path(guest, "clone"), given)

    async def migrate(self, guest: Guest, target: str, *, restart: bool) -> Upid | None:
        """Move a running VM live, a running container only by a restart."""
        how = {"restart": restart or None} if guest.type == "lxc" else {"online": guest.running or None}
        return await self._client.change("POST", guest_path(guest, "migrate"), {"target": target, **how})

    async def make_template(self, guest: GuestRef) -> Upid | None:
        return await self._client.change("POST", guest_path(guest, "template"), {}, kind="destructive")

    async def delete(self, guest: GuestRef, *, purge: bool) -> Upid | None:
        """purge: also from backup, replication and HA jobs."""
        return await self._client.change("DELETE", guest_path(guest), {"purge": purge or None})
