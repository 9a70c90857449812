"""What is wrong with a cluster."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from infra_mcp_proxmox.domain.guest import Guest
from infra_mcp_proxmox.domain.node import ClusterStatus, Node, share
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.domain.storage import by_storage
from infra_mcp_proxmox.domain.task import Task, moment

_FULL, _TIGHT = 95, 85
_DAY = 86_400


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be."""

    severity: Literal["critical", "warning"]
    what: str
    where: str


@dataclass(frozen=True)
class Health:
    """The whole cluster at a glance. unchecked: what could not be looked at, and why."""

    resources: ClusterResources
    status: ClusterStatus
    problems: tuple[Problem, ...]
    unchecked: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        return not any(problem.severity == "critical" for problem in self.problems)

    @property
    def guests(self) -> Counter[str]:
        """How many by status, templates apart."""
        return Counter("templates" if guest.template else guest.status for guest in self.resources.guests)


def problems(
    resources: ClusterResources, status: ClusterStatus, tasks: Iterable[Task], now: float
) -> tuple[Problem, ...]:
    """now: seconds of the epoch; tasks that failed more than a day before are past."""
    recent = [task for task in tasks if task.ended and task.ended >= now - _DAY]
    return (*_nodes(resources), *_quorum(status), *_storages(resources), *_guests(resources.guests), *_tasks(recent))


def _nodes(resources: ClusterResources) -> Iterator[Problem]:
    for node in resources.nodes:
        if not node.online:
            away = len(resources.guests_on(node.name))
            yield Problem("critical", f"node is offline; guests on it: {away}", node.name)
        else:
            yield from _full(node)


def _full(node: Node) -> Iterator[Problem]:
    if share(node.memory_used, node.memory_total) >= _FULL:
        yield Problem("warning", "memory is nearly used up", node.name)
    elif share(node.disk_used, node.disk_total) >= _TIGHT:
        yield Problem("warning", "root file system is nearly full", node.name)


def _quorum(status: ClusterStatus) -> Iterator[Problem]:
    if status.name is not None and not status.quorate:
        yield Problem("critical", "no quorum: nothing can be changed", status.name)


def _storages(resources: ClusterResources) -> Iterator[Problem]:
    for storage, *_ in by_storage(resources.storages):
        full = storage.used_percent
        if not storage.available and storage.node not in resources.offline_nodes:
            yield Problem("critical", "storage is not available", storage.key)
        elif full >= _TIGHT:
            yield Problem("critical" if full >= _FULL else "warning", f"storage is {full:.0f} % full", storage.key)


def _guests(guests: Iterable[Guest]) -> Iterator[Problem]:
    for guest in guests:
        where = f"{guest.vmid} ({guest.name}) on {guest.node}"
        if guest.lock:
            yield Problem("warning", f"guest is locked ({guest.lock})", where)
        if guest.type == "lxc" and share(guest.memory_used, guest.memory_total) >= _FULL:
            yield Problem("warning", "container has nearly used up its memory", where)


def _tasks(tasks: Iterable[Task]) -> Iterator[Problem]:
    """Failures; the newest of each kind and guest."""
    newest: dict[tuple[str, str | None], Task] = {}
    for task in sorted(tasks, key=lambda each: -(each.started or 0)):
        newest.setdefault((task.type, task.subject), task)
    for task in newest.values():
        if not task.ok:
            what = f"task {task.type} failed at {moment(task.ended)}: {task.exit_status}"
            yield Problem("warning", what, f"{task.subject or 'host'} on {task.node}")
