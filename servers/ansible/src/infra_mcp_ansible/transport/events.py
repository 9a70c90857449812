"""Hears the events of one run: which task ended how on which host, and what is going on just now."""

from collections import deque

from infra_mcp_ansible.domain.progress import Progress
from infra_mcp_ansible.domain.run import InterruptedTask
from infra_mcp_ansible.domain.task_result import TaskResult, count_by_host, mark_rescued
from infra_mcp_ansible.transport.runner_events import Event, EventData
from infra_mcp_ansible.transport.task_results import ENDINGS, task_name, task_result
from infra_mcp_common.tool_calls.answers import scrub

_WARNINGS = {"warning", "deprecated", "system_warning"}
_LONGEST_WARNING, _MOST_LINES = 500, 60


class Events:
    """task_count: the number of tasks that can be seen beforehand. paths: whether these tell the reader anything; those
    of a play that this server wrote for itself do not.
    """

    def __init__(self, *, task_count: int, paths: bool) -> None:
        self.progress = Progress(task_count)
        self.started = False
        self.stats: EventData | None = None
        self.unmatched_plays: list[str] = []
        self._paths, self._play = paths, ""
        self._results: list[TaskResult] = []
        self._warnings: dict[str, None] = {}
        self._printed: deque[str] = deque(maxlen=_MOST_LINES)
        self._running: dict[tuple[str, str], InterruptedTask] = {}

    @property
    def results(self) -> list[TaskResult]:
        """How tasks and the items of loops ended. Only the counts of a whole run tell which failures were rescued."""
        return mark_rescued(self._results, (self.stats or {}).get("rescued") or {})

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many tasks ended how on each host."""
        if self.stats is not None:
            return _counts(self.stats)
        return count_by_host(result for result in self._results if result.item is None)

    @property
    def running(self) -> tuple[InterruptedTask, ...]:
        """The tasks that have begun and not ended."""
        return tuple(self._running.values())

    @property
    def warnings(self) -> list[str]:
        return list(self._warnings)

    @property
    def printed(self) -> list[str]:
        """The last of what Ansible printed beside its results."""
        return list(self._printed)

    def hear(self, event: Event) -> None:
        """Take in one event."""
        name, data = event.get("event", ""), event.get("event_data") or {}
        if not self._paths:
            data.pop("task_path", None)
        self.started = self.started or name.startswith("playbook_on")
        if name in ENDINGS:
            self._ended(name, data)
        elif name == "runner_on_start":
            task = InterruptedTask(data["host"], task_name(data), data.get("task_path"))
            self._running[data["host"], data["task_uuid"]] = task
        elif name in ("playbook_on_task_start", "playbook_on_handler_task_start"):
            self.progress.next_task(scrub(data.get("name") or data.get("task", "")))
        elif name == "playbook_on_play_start":
            self._play = scrub(data.get("name", ""))
        elif name == "playbook_on_no_hosts_matched":
            self.unmatched_plays.append(self._play)
        elif name == "playbook_on_stats":
            self.stats = data
        else:
            self._print(name, event.get("stdout") or "")

    def _print(self, name: str, text: str) -> None:
        text = scrub(text).strip()
        if name in _WARNINGS and text:
            self._warnings[text[:_LONGEST_WARNING]] = None
        elif text:
            self._printed.append(text)

    def _ended(self, name: str, data: EventData) -> None:
        result = task_result(len(self._results), name, data)
        self._results.append(result)
        if not name.startswith("runner_item"):
            self._running.pop((data["host"], data["task_uuid"]), None)
            self.progress.ended(result.host, result.status)


def _counts(stats: EventData) -> dict[str, dict[str, int]]:
    kinds = {
        "ok": stats.get("ok"),
        "changed": stats.get("changed"),
        "failed": stats.get("failures"),
        "unreachable": stats.get("dark"),
        "skipped": stats.get("skipped"),
        "ignored": stats.get("ignored"),
        "rescued": stats.get("rescued"),
    }
    counts: dict[str, dict[str, int]] = {}
    for kind, by_host in kinds.items():
        for host, number in sorted((by_host or {}).items()):
            counts.setdefault(host, {})[kind] = number
    return counts
