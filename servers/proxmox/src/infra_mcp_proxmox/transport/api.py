"""The calls of the Proxmox VE API that the tools make: the only place with URL paths."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from infra_mcp_common.errors import Failed, InfraError, InvalidInput
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.http import path as quoted
from infra_mcp_proxmox.domain.guest import GuestRef, Upid
from infra_mcp_proxmox.transport.client import Client

Row = dict[str, Any]
Params = Mapping[str, Any]
_NAME = re.compile(r"[^/\\\s%?#]+")
Power = Literal["start", "stop", "shutdown", "reboot", "suspend", "resume"]


class Api:
    """The cluster, call by call. Changes return the UPID of their task, or None where there is none."""

    def __init__(self, client: Client) -> None:
        self.client = client

    # The cluster

    async def version(self) -> Row:
        return await self._row("/version")

    async def permissions(self) -> dict[str, dict[str, int]]:
        return await self._row("/access/permissions")

    async def resources(self) -> list[Row]:
        """Nodes, guests, storages and pools in one answer, which a dead node does not break."""
        return await self._rows("/cluster/resources")

    async def cluster_status(self) -> list[Row]:
        return await self._rows("/cluster/status")

    async def next_id(self, wanted: int | None = None) -> int:
        answer = str(await self.client.data("GET", "/cluster/nextid", {"vmid": wanted}))
        if not answer.isdecimal():
            raise Failed("Proxmox VE answered with something that is no guest id.", "Try again.", said=answer)
        return int(answer)

    async def is_free(self, vmid: int) -> bool:
        """Whether no guest has this id; the API says that it is taken by an error."""
        try:
            await self.next_id(vmid)
        except InfraError as error:
            if error.facts.get("status") == 400 and "already exists" in error.said:
                return False
            raise
        return True

    async def recent_tasks(self) -> list[Row]:
        return await self._rows("/cluster/tasks")

    async def documentation(self) -> str:
        """The script behind the server's own API viewer, with the schema of exactly this version."""
        answer = await self.client.raw("GET", "/pve-docs/api-viewer/apidoc.js", timeout=60)
        return answer.text if answer.status == 200 else ""

    async def anything(self, method: Literal["GET", "POST", "PUT", "DELETE"], concrete: str, params: Params) -> Any:
        """A documented call that has no method of its own here; `concrete` is a path that was validated before."""
        return await self.client.data(method, concrete, params)

    # Nodes and their tasks

    async def node_status(self, node: str) -> Row:
        return await self._row(path("nodes", node, "status"))

    async def node_tasks(self, node: str, params: Params) -> list[Row]:
        return await self._rows(path("nodes", node, "tasks"), params)

    async def task_status(self, upid: Upid) -> Row:
        return await self._row(path("nodes", upid.node, "tasks", upid.text, "status"))

    async def task_log(self, upid: Upid, start: int, limit: int) -> tuple[list[str], int]:
        """Lines of a task's log, and how many there are."""
        where = path("nodes", upid.node, "tasks", upid.text, "log")
        body = await self.client.body("GET", where, {"start": start, "limit": limit})
        lines = [str(row.get("t", "")) for row in body.get("data") or []]
        return lines, int(body.get("total") or len(lines))

    # Storage

    async def content(self, node: str, storage: str, params: Params) -> list[Row]:
        return await self._rows(path("nodes", node, "storage", storage, "content"), params)

    async def download_url(self, node: str, storage: str, params: Params) -> str | None:
        return await self._change("POST", path("nodes", node, "storage", storage, "download-url"), params)

    async def templates(self, node: str) -> list[Row]:
        return await self._rows(path("nodes", node, "aplinfo"))

    async def download_template(self, node: str, params: Params) -> str | None:
        return await self._change("POST", path("nodes", node, "aplinfo"), params)

    # One guest, read

    async def status(self, guest: GuestRef) -> Row:
        return await self._row(_of(guest, "status", "current"))

    async def config(self, guest: GuestRef) -> Row:
        return await self._row(_of(guest, "config"))

    async def pending(self, guest: GuestRef) -> list[Row]:
        return await self._rows(_of(guest, "pending"))

    async def snapshots(self, guest: GuestRef) -> list[Row]:
        return await self._rows(_of(guest, "snapshot"))

    async def metrics(self, guest: GuestRef, params: Params) -> list[Row]:
        return await self._rows(_of(guest, "rrddata"), params)

    async def agent_interfaces(self, guest: GuestRef) -> list[Row]:
        answer = await self._row(_of(guest, "agent", "network-get-interfaces"), timeout=10)
        return list(answer.get("result") or [])

    async def container_interfaces(self, guest: GuestRef) -> list[Row]:
        return await self._rows(_of(guest, "interfaces"), timeout=10)

    # One guest, changed

    async def power(self, guest: GuestRef, action: Power, params: Params) -> str | None:
        return await self._change("POST", _of(guest, "status", action), params)

    async def change_config(self, guest: GuestRef, params: Params) -> None:
        await self._change("PUT", _of(guest, "config"), params)

    async def resize(self, guest: GuestRef, disk: str, size: str) -> str | None:
        return await self._change("PUT", _of(guest, "resize"), {"disk": disk, "size": size})

    async def create(self, node: str, kind: str, params: Params) -> str | None:
        """A new guest, or one from a backup: what a backup overwrites is lost."""
        does: Kind = "destructive" if params.get("force") else "write"
        return await self._change("POST", path("nodes", node, kind), params, kind=does)

    async def clone(self, guest: GuestRef, params: Params) -> str | None:
        return await self._change("POST", _of(guest, "clone"), params)

    async def migrate(self, guest: GuestRef, params: Params) -> str | None:
        return await self._change("POST", _of(guest, "migrate"), params)

    async def make_template(self, guest: GuestRef) -> str | None:
        return await self._change("POST", _of(guest, "template"), {}, kind="destructive")

    async def delete(self, guest: GuestRef, params: Params) -> str | None:
        return await self._change("DELETE", _of(guest), params)

    async def snapshot(self, guest: GuestRef, params: Params) -> str | None:
        return await self._change("POST", _of(guest, "snapshot"), params)

    async def rollback(self, guest: GuestRef, name: str, params: Params) -> str | None:
        return await self._change("POST", _of(guest, "snapshot", name, "rollback"), params, kind="destructive")

    async def delete_snapshot(self, guest: GuestRef, name: str) -> str | None:
        return await self._change("DELETE", _of(guest, "snapshot", name), {})

    async def backup(self, node: str, params: Params) -> str | None:
        return await self._change("POST", path("nodes", node, "vzdump"), params)

    # Commands inside a guest

    async def agent_exec(self, guest: GuestRef, params: Params) -> int:
        return int((await self.client.data("POST", _of(guest, "agent", "exec"), params))["pid"])

    async def agent_exec_status(self, guest: GuestRef, pid: int) -> Row:
        return await self._row(_of(guest, "agent", "exec-status"), {"pid": pid})

    async def open_console(self, guest: GuestRef) -> Row:
        return dict(await self.client.data("POST", _of(guest, "termproxy")))

    def console_path(self, guest: GuestRef) -> str:
        """Where the WebSocket of a container's console is, below the API's root."""
        return _of(guest, "vncwebsocket")

    async def _row(self, where: str, params: Params | None = None, timeout: float = 30) -> Row:
        return dict(await self.client.data("GET", where, params, timeout=timeout) or {})

    async def _rows(self, where: str, params: Params | None = None, timeout: float = 30) -> list[Row]:
        return list(await self.client.data("GET", where, params, timeout=timeout) or [])

    async def _change(
        self, method: Literal["POST", "PUT", "DELETE"], where: str, params: Params, kind: Kind | None = None
    ) -> str | None:
        """Send a change; the UPID of its task, if it has one."""
        upid = await self.client.data(method, where, params, kind=kind, timeout=60)
        return upid if isinstance(upid, str) else None


def path(*segments: str | int) -> str:
    """A path of these names. The server decodes it before it splits it, so quoting alone would not keep names apart."""
    for segment in segments:
        if not _NAME.fullmatch(str(segment)):
            raise InvalidInput("A name in the call holds characters that no name has.", "Use it as a list shows it.")
    return quoted(*segments)


def _of(guest: GuestRef, *rest: str) -> str:
    return path("nodes", guest.node, guest.type, guest.vmid, *rest)
