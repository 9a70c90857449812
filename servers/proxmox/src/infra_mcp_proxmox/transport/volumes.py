"""What storages hold."""

from infra_mcp_common.errors import InfraError, NotFound
from infra_mcp_proxmox.answers.guests import Volume
from infra_mcp_proxmox.domain.resources import Inventory
from infra_mcp_proxmox.transport.api import Api, Row
from infra_mcp_proxmox.transport.tasks import moment


def volume(row: Row) -> Volume:
    return Volume(
        volid=row["volid"],
        content=row.get("content") or "unknown",
        size=int(row.get("size") or 0),
        format=row.get("format"),
        vmid=row.get("vmid"),
        created=moment(row.get("ctime")),
        notes=row.get("notes"),
        protected=bool(row.get("protected")) or None,
    )


async def gather(
    api: Api, seen: Inventory, content: str, storage: str | None, vmid: int | None
) -> tuple[list[Volume], list[str]]:
    """Volumes of one kind on all storages that may hold it, and which of those could not be read.

    A shared storage is read once, through any node that is online.
    """
    places = _places(seen, content, storage)
    if storage is not None and not places:
        raise NotFound(f"No storage {storage!r} holds {content} content.", "list_storage shows what there is.")
    found: list[Volume] = []
    unread: list[str] = []
    for name, node in places:
        try:
            rows = await api.content(node, name, {"content": content, "vmid": vmid})
            found += [volume(row) for row in rows]
        except InfraError as error:
            unread.append(f"{name} on {node}: {error.problem}")
    return found, unread


def _places(seen: Inventory, content: str, storage: str | None) -> list[tuple[str, str]]:
    """Storage and node to ask, each content once."""
    chosen: dict[str, tuple[str, str]] = {}
    for row in seen.storages:
        name, node = row["storage"], row["node"]
        wanted = storage in (None, name) and content in str(row.get("content", "")).split(",")
        if wanted and node not in seen.offline_nodes:
            chosen.setdefault(name if row.get("shared") else f"{node}/{name}", (name, node))
    return list(chosen.values())
