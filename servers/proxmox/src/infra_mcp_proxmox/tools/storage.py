"""Storages, what they hold, and fetching images and templates to them."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.answers.storage import StorageList, VolumeList
from infra_mcp_proxmox.tools.parameters import Limit, NodeName, Offset, StorageName, Wait
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.connection import Proxmox

Content = Literal["backup", "images", "import", "iso", "rootdir", "snippets", "vztmpl"]


@tool("read")
async def list_storage(api: Proxmox) -> StorageList:
    """List storages with what they may hold and how full they are."""
    return StorageList.of(await api.cluster.resources())


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
    resources = await api.cluster.resources()
    asked = targets.node(resources, node).name if node is not None else resources.node_of_storage(storage)
    part, where = page(await api.storage.content(asked, storage, content), offset, limit)
    return VolumeList.of(part, where)


@tool("write")
async def download_template(
    api: Proxmox,
    node: NodeName,
    storage: StorageName,
    template: Annotated[str, Field(description="As debian-13-standard_13.1-2_amd64.tar.zst, or its beginning")],
    timeout: Wait = 600,
) -> Change:
    """Download a container template from Proxmox's own catalogue to a storage."""
    targets.node(await api.cluster.resources(), node)
    known = await api.storage.templates(node)
    fitting = [name for name in known if name == template] or [name for name in known if name.startswith(template)]
    if len(fitting) != 1:
        offered = ", ".join(sorted(fitting or known)[:20])
        raise InvalidInput(f"{template!r} fits {len(fitting)} templates.", f"Name one of: {offered}.")
    upid = await api.storage.download_template(node, storage, fitting[0])
    return Change.of(await api.tasks.wait(upid, timeout))


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
    targets.node(await api.cluster.resources(), node)
    upid = await api.storage.download_iso(node, storage, url, filename, sha256)
    return Change.of(await api.tasks.wait(upid, timeout))
