"""What ansible-runner's events tell, one by one: which task ended how on which host, and what is going on just now."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra_mcp_ansible.domain.texts import diff_of, keep
from infra_mcp_common.tool_calls.answers import scrub

_ENDINGS = {
    "runner_on_ok": "ok",
    "runner_on_failed": "failed",
    "runner_on_unreachable": "unreachable",
    "runner_on_skipped": "skipped",
    "runner_item_on_ok": "ok",
    "runner_item_on_failed": "failed",
    "runner_item_on_skipped": "skipped",
}
_WARNINGS = {"warning", "deprecated", "system_warning"}
_TEXTS = {"stdout", "stdout_lines", "stderr", "stderr_lines", "msg", "rc", "diff", "results", "changed", "failed"}
_NOISE = {"invocation", "cmd", "start", "end", "delta", "skipped", "unreachable", "exception", "censored"}
_SHOWN_HOSTS = 4


@dataclass
class Entry:
    """How a task ended on a host, or one item of its loop. All texts are masked and cleaned."""

    n: int
    host: str
    play: str
    task: str
    action: str
    path: str | None
    status: str
    item: str | None
    rc: int | None
    msg: str
    stdout: str
    stderr: str
    diff: str | None
    items: str | None
    data: dict[str, Any]
    result_dropped: bool | None
    output_id: str | None


@dataclass
class Events:
    """Hears the events of one run. total: the number of tasks that can be seen beforehand. paths: whether these tell
    the reader anything; those of a play that this server wrote for itself do not.
    """

    total: int = 0
    paths: bool = True
    entries: list[Entry] = field(default_factory=list)
    stats: Mapping[str, Any] | None = None
    warnings: dict[str, None] = field(default_factory=dict)
    said: deque[str] = field(default_factory=lambda: deque(maxlen=60))
    unmatched: list[str] = field(default_factory=list)
    begun: dict[tuple[str, str], tuple[str, str | None]] = field(default_factory=dict)
    started: bool = False
    news: str | None = None
    _tasks: int = 0
    _task: str = ""
    _results: dict[str, str] = field(default_factory=dict)
    _play: str = ""

    def hear(self, event: Mapping[str, Any]) -> None:
        """Take in one event."""
        name, data = event.get("event", ""), dict(event.get("event_data") or {})
        if not self.paths:
            data.pop("task_path", None)
        self.started = self.started or name.startswith("playbook_on")
        if name in _ENDINGS:
            self._ended(name, data)
        elif name == "runner_on_start":
            self.begun[data["host"], data["task_uuid"]] = (_task_name(data), data.get("task_path"))
        elif name in ("playbook_on_task_start", "playbook_on_handler_task_start"):
            self._next_task(scrub(data.get("name") or data.get("task", "")))
        elif name == "playbook_on_play_start":
            self._play = scrub(data.get("name", ""))
        elif name == "playbook_on_no_hosts_matched":
            self.unmatched.append(self._play)
        elif name == "playbook_on_stats":
            self.stats = data
        else:
            self._spoken(name, event.get("stdout") or "")

    def _spoken(self, name: str, text: str) -> None:
        text = scrub(text).strip()
        if name in _WARNINGS and text:
            self.warnings[text[:500]] = None
        elif text:
            self.said.append(text)

    def _ended(self, name: str, data: Mapping[str, Any]) -> None:
        whole = not name.startswith("runner_item")
        if whole:
            self.begun.pop((data["host"], data["task_uuid"]), None)
        entry = _entry(len(self.entries), _status(_ENDINGS[name], data), data)
        self.entries.append(entry)
        if whole:
            self._results[entry.host] = entry.status
            self._tell()

    def _next_task(self, name: str) -> None:
        self._tasks, self._task, self._results = self._tasks + 1, name, {}
        self._tell()

    def _tell(self) -> None:
        of = f"/{self.total}" if self._tasks <= self.total else ""
        self.news = f"task {self._tasks}{of} {self._task}" + (f": {self._so_far()}" if self._results else "")

    def _so_far(self) -> str:
        if len(self._results) <= _SHOWN_HOSTS:
            return ", ".join(f"{host} {status}" for host, status in self._results.items())
        bad = [f"{host} {status}" for host, status in self._results.items() if status in ("failed", "unreachable")]
        well = len(self._results) - len(bad)
        return ", ".join([f"{well} hosts ok", *bad[:_SHOWN_HOSTS], *([f"{len(bad)} bad"] if len(bad) > 4 else [])])


def _status(ending: str, data: Mapping[str, Any]) -> str:
    if ending == "failed" and data.get("ignore_errors"):
        return "ignored"
    changed = ending == "ok" and (data.get("res") or {}).get("changed")
    return "changed" if changed else ending


def _entry(n: int, status: str, data: Mapping[str, Any]) -> Entry:
    result = scrub(data.get("res"))
    dropped = result == {} and status != "skipped"
    result = result if isinstance(result, dict) else {}
    failed = [item for item in result.get("results") or [] if isinstance(item, dict) and item.get("failed")]
    telling = failed[0] if failed else result
    stdout = _text(telling.get("stdout")) or _text(telling.get("module_stdout"))
    stderr = _text(telling.get("stderr")) or _text(telling.get("module_stderr"))
    msg = _text(telling.get("msg") or telling.get("censored") or telling.get("skip_reason"))
    diff = diff_of(result)
    return Entry(
        n=n,
        host=scrub(data["host"]),
        play=scrub(data.get("play", "")),
        task=_task_name(data),
        action=data.get("task_action", ""),
        path=data.get("task_path"),
        status=status,
        item=_item(result),
        rc=telling.get("rc") if isinstance(telling.get("rc"), int) else None,
        msg=msg,
        stdout=stdout,
        stderr=stderr,
        diff=diff,
        items=f"{len(failed)} of {len(result['results'])} items failed, first: {_item(failed[0])}" if failed else None,
        data={k: v for k, v in result.items() if k not in _TEXTS | _NOISE and not k.startswith("_ansible")},
        result_dropped=dropped or None,
        output_id=keep(msg=msg, stdout=stdout, stderr=stderr, diff=diff),
    )


def _task_name(data: Mapping[str, Any]) -> str:
    """The name as Ansible prints it, with the role that the task belongs to."""
    name: str = scrub(data.get("task", ""))
    return f"{scrub(data['role'])} : {name}" if data.get("role") else name


def _item(result: Mapping[str, Any]) -> str | None:
    label = result.get("_ansible_item_label", result.get("item"))
    return None if label is None else _text(label)[:200]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)
