"""The whole cluster at a glance, and what is wrong with it."""

import time
from collections import Counter
from collections.abc import Awaitable, Iterator
from typing import TypeVar

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.answers.guests import Overview, Problem
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.resources import Inventory
from infra_mcp_proxmox.transport.api import Api, Row
from infra_mcp_proxmox.transport.tasks import ended_well, moment

T = TypeVar("T")
_FULL, _TIGHT = 95, 85
_DAY = 86_400
_LISTED = 20


async def look(api: Api) -> Overview:
    """Three requests; what the token may not see is said and does not stop the rest."""
    unchecked: list[str] = []
    found = await inventory.take(api)
    status = await _try(api.cluster_status(), "quorum", unchecked) or []
    tasks = await _try(api.recent_tasks(), "failed tasks", unchecked) or []
    if not found.guests:
        unchecked.append("guests: none is visible; the token may lack VM.Audit")
    whole = next((row for row in status if row.get("type") == "cluster"), {})
    problems = [*_nodes(found), *_quorum(whole), *_storages(found), *_guests(found), *_tasks(tasks)]
    counts = Counter("templates" if guest.template else guest.status for guest in found.guests)
    return Overview(
        healthy=not any(problem.severity == "critical" for problem in problems),
        problems=problems[:_LISTED],
        cluster=whole.get("name"),
        quorate=bool(whole["quorate"]) if "quorate" in whole else None,
        nodes=found.nodes,
        guests=dict(counts),
        unchecked=unchecked,
    )


async def _try(asked: Awaitable[T], what: str, unchecked: list[str]) -> T | None:
    try:
        return await asked
    except InfraError as error:
        unchecked.append(f"{what}: {error.problem}")
        return None


def _nodes(found: Inventory) -> Iterator[Problem]:
    for node in found.nodes:
        if node.status != "online":
            away = sum(guest.node == node.node for guest in found.guests)
            yield Problem(severity="critical", what=f"node is offline; guests on it: {away}", where=node.node)
        elif share(node.memory_used, node.memory_total) >= _FULL:
            yield Problem(severity="warning", what="memory is nearly used up", where=node.node)
        elif share(node.disk_used, node.disk_total) >= _TIGHT:
            yield Problem(severity="warning", what="root file system is nearly full", where=node.node)


def _quorum(whole: Row) -> Iterator[Problem]:
    if whole and not whole.get("quorate"):
        yield Problem(severity="critical", what="no quorum: nothing can be changed", where=str(whole.get("name")))


def _storages(found: Inventory) -> Iterator[Problem]:
    seen = set[str]()
    for row in found.storages:
        place = row["storage"] if row.get("shared") else f"{row['node']}/{row['storage']}"
        full = share(row.get("disk"), row.get("maxdisk"))
        if place in seen:
            continue
        seen.add(place)
        if row.get("status") != "available" and row["node"] not in found.offline_nodes:
            yield Problem(severity="critical", what="storage is not available", where=place)
        elif full >= _TIGHT:
            what = f"storage is {full:.0f} % full"
            yield Problem(severity="critical" if full >= _FULL else "warning", what=what, where=place)


def _guests(found: Inventory) -> Iterator[Problem]:
    for guest in found.guests:
        where = f"{guest.vmid} ({guest.name}) on {guest.node}"
        if guest.lock:
            yield Problem(severity="warning", what=f"guest is locked ({guest.lock})", where=where)
        if guest.type == "lxc" and share(guest.memory_used, guest.memory_total) >= _FULL:
            yield Problem(severity="warning", what="container has nearly used up its memory", where=where)


def _tasks(tasks: list[Row]) -> Iterator[Problem]:
    """Failures of the last day; the newest of each kind and guest."""
    seen = set[tuple[str, str]]()
    for row in sorted(tasks, key=lambda each: -each.get("starttime", 0)):
        key = (str(row.get("type")), str(row.get("id")))
        if key in seen or "endtime" not in row or row["endtime"] < time.time() - _DAY:
            continue
        seen.add(key)
        if not ended_well(str(row.get("status"))):
            what = f"task {key[0]} failed at {moment(row['endtime'])}: {row.get('status')}"
            yield Problem(severity="warning", what=what, where=f"{key[1] or 'host'} on {row.get('node')}")


def share(used: float | None, total: float | None) -> float:
    """Percent."""
    return 100 * used / total if used is not None and total else 0.0
