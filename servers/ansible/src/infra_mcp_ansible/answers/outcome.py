"""What a run came to: failures told apart and grouped, changes, counts per host."""

from collections.abc import Callable, Iterable
from typing import Any

from infra_mcp_ansible.answers.runs import Change, Failure, HostResult, Interrupted, RunResult, Status
from infra_mcp_ansible.domain.texts import cut
from infra_mcp_ansible.transport.events import Entry, Events
from infra_mcp_common.io.programs import Finished

MOST_HOSTS, MOST_GROUPS, MOST_CHANGES, MOST_WARNINGS = 100, 20, 50, 10
_STATS = {"ok": "ok", "changed": "changed", "failures": "failed", "dark": "unreachable", "skipped": "skipped"}
_STATS |= {"ignored": "ignored", "rescued": "rescued"}
_DATA_SIZE = 20_000


def status_of(events: Events, finished: Finished | None) -> Status:
    if finished is None:
        return "canceled"
    if finished.timed_out:
        return "timeout"
    if finished.exit_status == 0 and events.stats is not None:
        return "successful"
    return "error" if events.stats is None else "failed"


def common_facts(run_id: str, events: Events, finished: Finished, *, check: bool) -> dict[str, Any]:
    """The fields that every answer about a run has."""
    status = status_of(events, finished)
    return {
        "run_id": run_id,
        "status": status,
        "exit_status": finished.exit_status,
        "check_mode": check,
        "interrupted": interrupted(events) or None,
        "warnings": list(events.warnings)[:MOST_WARNINGS] or None,
        "output_tail": cut("\n".join(events.said)) if status == "error" else None,
        "seconds": round(finished.seconds, 2),
    }


def run_result(run_id: str, events: Events, finished: Finished, *, check: bool) -> RunResult:
    ends = final(events)
    counts = _counts(events)
    shown = sorted(counts, key=lambda host: not {"failed", "unreachable"} & set(counts[host]))[:MOST_HOSTS]
    by_status = {status: failures(ends, status) for status in ("failed", "unreachable", "ignored", "rescued")}
    omitted = sum(max(0, len(groups) - MOST_GROUPS) for groups in by_status.values())
    changes = _changes(ends)
    return RunResult(
        **common_facts(run_id, events, finished, check=check),
        hosts={host: counts[host] for host in shown},
        hosts_omitted=len(counts) - len(shown) or None,
        failures=by_status["failed"][:MOST_GROUPS],
        unreachable=by_status["unreachable"][:MOST_GROUPS],
        ignored=by_status["ignored"][:MOST_GROUPS] or None,
        rescued=by_status["rescued"][:MOST_GROUPS] or None,
        failures_omitted=omitted or None,
        changed=changes[:MOST_CHANGES],
        changed_omitted=max(0, len(changes) - MOST_CHANGES) or None,
        unmatched_plays=events.unmatched or None,
    )


def final(events: Events) -> list[Entry]:
    """How tasks ended as a whole; the items of loops are told by their task."""
    return [entry for entry in events.entries if entry.item is None]


def tell_rescued(events: Events) -> None:
    """Mark the failures that a rescue section took care of: only the counts of the whole run tell that there were any.

    What ends a host comes last, so the first failures of a host are the rescued ones.
    """
    left = dict((events.stats or {}).get("rescued") or {})
    for entry in final(events):
        if entry.status == "failed" and left.get(entry.host, 0) > 0:
            left[entry.host] -= 1
            entry.status = "rescued"


def interrupted(events: Events) -> list[Interrupted]:
    return [Interrupted(host=host, task=task, path=path) for (host, _), (task, path) in events.begun.items()]


def failures(entries: Iterable[Entry], status: str) -> list[Failure]:
    """The entries that ended so, identical ones of several hosts together."""
    alike = _grouped(
        (entry for entry in entries if entry.status == status),
        lambda e: (e.task, e.action, e.path, e.rc, e.msg, e.stderr, e.stdout, e.items),
    )
    return [
        Failure(
            hosts=[entry.host for entry in group],
            task=one.task,
            action=one.action,
            path=one.path,
            rc=one.rc,
            msg=cut(one.msg) or "",
            stderr=cut(one.stderr),
            stdout=cut(one.stdout),
            items=one.items,
            result_dropped=one.result_dropped,
            output_id=one.output_id,
        )
        for group in alike
        for one in group[:1]
    ]


def host_results(events: Events) -> list[HostResult]:
    """What the one task of an ad hoc run said, problems first."""
    bad = {"unreachable": 0, "failed": 1}
    groups = _grouped(
        sorted(final(events), key=lambda e: bad.get(e.status, 2)),
        lambda e: (e.status, e.rc, e.msg, e.stdout, e.stderr, e.diff, repr(e.data)),
    )
    return [_host_result(group) for group in groups]


def _host_result(group: list[Entry]) -> HostResult:
    one = group[0]
    fits = len(repr(one.data)) <= _DATA_SIZE
    return HostResult.model_validate(
        {
            "hosts": [entry.host for entry in group],
            "status": one.status,
            "rc": one.rc,
            "msg": cut(one.msg),
            "stdout": cut(one.stdout),
            "stderr": cut(one.stderr),
            "diff": cut(one.diff),
            "data": (one.data or None) if fits else None,
            "data_omitted": None if fits else True,
            "result_dropped": one.result_dropped,
            "output_id": one.output_id,
        }
    )


def _changes(entries: Iterable[Entry]) -> list[Change]:
    groups = _grouped((e for e in entries if e.status == "changed"), lambda e: (e.task, e.path, e.diff))
    return [
        Change(
            hosts=[entry.host for entry in group],
            task=group[0].task,
            path=group[0].path,
            diff=cut(group[0].diff),
            output_id=group[0].output_id if group[0].diff else None,
        )
        for group in groups
    ]


def _counts(events: Events) -> dict[str, dict[str, int]]:
    if events.stats is None:
        return _counted(final(events))
    counts: dict[str, dict[str, int]] = {}
    for theirs, ours in _STATS.items():
        for host, number in sorted((events.stats.get(theirs) or {}).items()):
            counts.setdefault(host, {})[ours] = number
    return counts


def _counted(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for entry in entries:
        of_host = counts.setdefault(entry.host, {})
        # Ansible counts a changed or an ignored task as ok, too.
        for name in {entry.status} | ({"ok"} if entry.status in ("changed", "ignored") else set()):
            of_host[name] = of_host.get(name, 0) + 1
    return counts


def _grouped(entries: Iterable[Entry], key: Callable[[Entry], Any]) -> list[list[Entry]]:
    groups: dict[Any, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return list(groups.values())
