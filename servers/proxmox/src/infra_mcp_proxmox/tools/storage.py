"""Storages, what they hold, and fetching images and templates to them."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Change, Storage, StorageList, VolumeList
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.resources import Inventory
from infra_mcp_proxmox.tools.parameters import Limit, NodeName, Offset, StorageName, Wait
from infra_mcp_proxmox.transport import volumes
from infra_mcp_proxmox.transport.api import Row
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.overview import share
from infra_mcp_proxmox.transport.tasks import follow

Content = Literal["backup", "images", "import", "iso", "rootdir", "snippets", "vztmpl"]


@tool("read")
async def list_storage(api: Proxmox) -> StorageList:
    """List storages with what they may hold and how full they are."""
    seen = await inventory.take(api)
    rows: dict[str, list[Row]] = {}
    for row in seen.storages:
        rows.setdefault(row["storage"] if row.get("shared") else f"{row['node']}/{row['storage']}", []).append(row)
    note = None if rows else "An empty list mostly means missing rights (Datastore.Audit); whoami shows them."
    return StorageList(storages=[_storage(each) for each in rows.values()], note=note)


def _storage(rows: list[Row]) -> Storage:
    """One storage; a shared one has a row for each node."""
    best = next((row for row in rows if row.get("status") == "available"), rows[0])
    return Storage(
        storage=best["storage"],
        type=best.get("plugintype"),
        shared=bool(best.get("shared")),
        nodes=[row["node"] for row in rows],
        content=[part for part in str(best.get("content", "")).split(",") if part],
        status=best.get("status") or "unknown",
        used=best.get("disk"),
        total=best.get("maxdisk"),
        used_percent=round(share(best.get("disk"), best.get("maxdisk")), 1) if best.get("maxdisk") else None,
    )


@tool("read")
async def list_storage_content(
    api: Proxmox,
    storage: StorageName,
    node: Annotated[str | None, Field(description="Whose copy, where the storage is not shared")] = None,
    content: Annotated[Content | None, Field(description="iso: images; vztmpl: container templates")] = None,
    offset: Offset = 0,
    limit: Limit = 200,
) -> VolumeList:
    """List what a storage holds: ISO images, container templates, disks, backups."""
    place = _node_of(await inventory.take(api), storage, node)
    rows = await api.content(place, storage, {"content": content})
    part, where = page([volumes.volume(row) for row in rows], offset, limit)
    return VolumeList(**where.model_dump(), volumes=part)


def _node_of(seen: Inventory, storage: str, node: str | None) -> str:
    """The node to ask about a storage."""
    if node is not None:
        return seen.node(node).node
    nodes = [
        row["node"] for row in seen.storages if row["storage"] == storage and row["node"] not in seen.offline_nodes
    ]
    if not nodes:
        raise NotFound(f"No online node has a storage {storage!r}.", "list_storage shows what there is.")
    return str(nodes[0])


@tool("write")
async def download_template(
    api: Proxmox,
    node: NodeName,
    storage: StorageName,
    template: Annotated[str, Field(description="As debian-13-standard_13.1-2_amd64.tar.zst, or its beginning")],
    timeout: Wait = 600,
) -> Change:
    """Download a container template from Proxmox's own catalogue to a storage."""
    (await inventory.take(api)).node(node)
    known = [str(row["template"]) for row in await api.templates(node)]
    fitting = [name for name in known if name == template] or [name for name in known if name.startswith(template)]
    if len(fitting) != 1:
        offered = ", ".join(sorted(fitting or known)[:20])
        raise InvalidInput(f"{template!r} fits {len(fitting)} templates.", f"Name one of: {offered}.")
    return await follow(api, await api.download_template(node, {"storage": storage, "template": fitting[0]}), timeout)


@tool("write")
async def download_iso(
    api: Proxmox,
    node: NodeName,
    storage: StorageName,
    url: Annotated[str, Field(pattern=r"^https?://\S+$", description="Fetched by the node itself")],
    filename: Annotated[str, Field(pattern=r"^[\w][\w.+-]*\.(iso|img)$", description="Name on the storage")],
    sha256: Annotated[str | None, Field(pattern="^[0-9a-fA-F]{64}$", description="Checked after the download")] = None,
    timeout: Wait = 1800,
) -> Change:
    """Download an ISO image from a URL to a storage."""
    (await inventory.take(api)).node(node)
    check = {"checksum": sha256, "checksum-algorithm": "sha256"} if sha256 else {}
    given = {"url": url, "filename": filename, "content": "iso", **check}
    return await follow(api, await api.download_url(node, storage, given), timeout)
