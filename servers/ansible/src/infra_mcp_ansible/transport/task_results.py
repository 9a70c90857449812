"""What ansible-runner tells of a task on a host, as a result with its texts masked and cleaned."""

from infra_mcp_ansible.domain.diffs import diff_of
from infra_mcp_ansible.domain.task_result import TaskResult, TaskStatus
from infra_mcp_ansible.domain.texts import TAIL
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_ansible.transport.runner_events import EventData
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.tool_calls.answers import scrub

ENDINGS: dict[str, TaskStatus] = {
    "runner_on_ok": "ok",
    "runner_on_failed": "failed",
    "runner_on_unreachable": "unreachable",
    "runner_on_skipped": "skipped",
    "runner_item_on_ok": "ok",
    "runner_item_on_failed": "failed",
    "runner_item_on_skipped": "skipped",
}
_TEXTS = {"stdout", "stdout_lines", "stderr", "stderr_lines", "msg", "rc", "diff", "results", "changed", "failed"}
_NOISE = {"invocation", "cmd", "start", "end", "delta", "skipped", "unreachable", "exception", "censored"}


def task_result(n: int, event: str, data: EventData) -> TaskResult:
    """The result that this event tells of. n: its number in the log."""
    status = _status(ENDINGS[event], data)
    result = scrub(data.get("res"))
    dropped = result == {} and status != "skipped"
    result = result if isinstance(result, dict) else {}
    failed = [item for item in result.get("results") or [] if isinstance(item, dict) and item.get("failed")]
    telling = failed[0] if failed else result
    texts = {**_texts(telling), "diff": diff_of(result)}
    return TaskResult(
        n=n,
        host=scrub(data["host"]),
        play=scrub(data.get("play", "")),
        task=task_name(data),
        action=data.get("task_action", ""),
        path=data.get("task_path"),
        status=status,
        item=_item(result),
        rc=telling.get("rc") if isinstance(telling.get("rc"), int) else None,
        **texts,
        items=f"{len(failed)} of {len(result['results'])} items failed, first: {_item(failed[0])}" if failed else None,
        data={k: v for k, v in result.items() if k not in _TEXTS | _NOISE and not k.startswith("_ansible")},
        result_dropped=dropped,
        output_id=_keep(texts),
    )


def task_name(data: EventData) -> str:
    """The name as Ansible prints it, with the role that the task belongs to."""
    name: str = scrub(data.get("task", ""))
    return f"{scrub(data['role'])} : {name}" if data.get("role") else name


def _status(ending: TaskStatus, data: EventData) -> TaskStatus:
    if ending == "failed" and data.get("ignore_errors"):
        return "ignored"
    changed = ending == "ok" and (data.get("res") or {}).get("changed")
    return "changed" if changed else ending


def _texts(result: Variables) -> dict[str, str | None]:
    return {
        "msg": _text(result.get("msg") or result.get("censored") or result.get("skip_reason")),
        "stdout": _text(result.get("stdout")) or _text(result.get("module_stdout")),
        "stderr": _text(result.get("stderr")) or _text(result.get("module_stderr")),
    }


def _item(result: Variables) -> str | None:
    label = result.get("_ansible_item_label", result.get("item"))
    return None if label is None else _text(label)[:200]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def _keep(texts: dict[str, str | None]) -> str | None:
    """Keep these texts whole, where one is too long for an answer, and say under which output_id."""
    if all(len(text or "") <= TAIL for text in texts.values()):
        return None
    capture = Capture(head=0, tail=0)
    for name, text in texts.items():
        if text:
            capture.feed(f"--- {name} ---\n{text}\n".encode())
    return capture.output().output_id
