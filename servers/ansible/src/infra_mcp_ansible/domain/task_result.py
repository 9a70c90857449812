"""How a task ended on a host."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from infra_mcp_ansible.domain.variables import Variables

TaskStatus = Literal["ok", "changed", "failed", "ignored", "rescued", "unreachable", "skipped"]
_PROBLEMS = ("failed", "ignored", "rescued", "unreachable")


@dataclass(frozen=True)
class TaskResult:
    """How a task ended on a host, or one item of its loop. All texts are masked and cleaned.

    path: file:line of the task. items: of a loop, how many items failed, and the first that did. data: what else the
    module returned. dropped: it was too large to be kept. output_id: of the whole texts, where they are long.
    """

    n: int
    host: str
    play: str
    task: str
    action: str
    path: str | None
    status: TaskStatus
    item: str | None
    rc: int | None
    msg: str | None
    stdout: str | None
    stderr: str | None
    diff: str | None
    result_dropped: bool
    output_id: str | None
    items: str | None = None
    data: Variables = field(default_factory=dict)

    def is_of(self, host: str | None, task: str | None) -> bool:
        """Whether it is of this host, and of a task whose name contains this text, whatever its case."""
        return (host is None or self.host == host) and (task is None or task.lower() in self.task.lower())

    @property
    def is_problem(self) -> bool:
        return self.status in _PROBLEMS


def alike(results: Iterable[TaskResult], key: Callable[[TaskResult], Hashable]) -> list[list[TaskResult]]:
    """The results with the same key together, in the order of the first of each."""
    groups: dict[Hashable, list[TaskResult]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return list(groups.values())


def mark_rescued(results: Iterable[TaskResult], rescued: Mapping[str, int]) -> list[TaskResult]:
    """The results, with the failures that a rescue section took care of marked so.

    rescued: how many on each host, which is all that Ansible tells. What ends a host comes last, so the first failures
    of a host are the rescued ones.
    """
    left, marked = dict(rescued), []
    for result in results:
        if result.item is None and result.status == "failed" and left.get(result.host, 0) > 0:
            left[result.host] -= 1
            marked.append(replace(result, status="rescued"))
        else:
            marked.append(result)
    return marked


def count_by_host(results: Iterable[TaskResult]) -> dict[str, dict[str, int]]:
    """How many tasks ended how on each host, as Ansible counts."""
    counts: dict[str, dict[str, int]] = {}
    for result in results:
        of_host = counts.setdefault(result.host, {})
        # Ansible counts a changed or an ignored task as ok, too.
        for name in {result.status} | ({"ok"} if result.status in ("changed", "ignored") else set()):
            of_host[name] = of_host.get(name, 0) + 1
    return counts
