"""How the run of a playbook ended."""

from collections.abc import Sized

from pydantic import Field

from infra_mcp_ansible.answers.endings import Status, ending
from infra_mcp_ansible.answers.failures import Change, Failure, Interrupted, changes, failures
from infra_mcp_ansible.domain.run import Run
from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Result

_MOST_HOSTS, _MOST_GROUPS, _MOST_CHANGES = 100, 20, 50


class RunResult(Result):
    """How a run ended."""

    run_id: LocalId = Field(description="Pass to get_run for the log")
    status: Status = Field(description="error: Ansible itself gave up")
    exit_status: int | None = Field(description="Of Ansible; null where a signal ended it")
    check_mode: bool = Field(description="true: Ansible only predicted, nothing was changed")
    hosts: dict[str, dict[str, int]] = Field(
        description="How many tasks ended how on each host: ok, changed, failed, unreachable, skipped, ignored, "
        "rescued; what is zero is left out. Hosts with problems first"
    )
    hosts_omitted: int | None = None
    failures: list[Failure] = Field(description="What made hosts fail")
    unreachable: list[Failure] = Field(description="Hosts that could not be reached, or refused us")
    ignored: list[Failure] | None = Field(None, description="Failures that the playbook ignores")
    rescued: list[Failure] | None = Field(None, description="Failures that a rescue section took care of")
    failures_omitted: int | None = None
    changed: list[Change]
    changed_omitted: int | None = None
    unmatched_plays: list[str] | None = Field(None, description="Plays whose pattern matched no host")
    interrupted: list[Interrupted] | None = Field(
        None, description="Ansible is stopped; on a remote host the command of such a task may still run"
    )
    warnings: list[str] | None = None
    output_tail: str | None = Field(None, description="What Ansible printed, where it gave up without a result")
    seconds: float

    def failed(self) -> bool:
        return self.status != "successful"

    @classmethod
    def of(cls, run: Run) -> "RunResult":
        hosts = _problems_first(run.counts)
        failed, unreachable = failures(run, "failed"), failures(run, "unreachable")
        ignored, rescued = failures(run, "ignored"), failures(run, "rescued")
        changed = changes(run)
        return cls(
            **ending(run),
            hosts={host: run.counts[host] for host in hosts[:_MOST_HOSTS]},
            hosts_omitted=_omitted(hosts, _MOST_HOSTS) or None,
            failures=failed[:_MOST_GROUPS],
            unreachable=unreachable[:_MOST_GROUPS],
            ignored=ignored[:_MOST_GROUPS] or None,
            rescued=rescued[:_MOST_GROUPS] or None,
            failures_omitted=sum(_omitted(part, _MOST_GROUPS) for part in (failed, unreachable, ignored, rescued))
            or None,
            changed=changed[:_MOST_CHANGES],
            changed_omitted=_omitted(changed, _MOST_CHANGES) or None,
            unmatched_plays=run.unmatched_plays or None,
        )


def _problems_first(counts: dict[str, dict[str, int]]) -> list[str]:
    return sorted(counts, key=lambda host: not {"failed", "unreachable"} & set(counts[host]))


def _omitted(items: Sized, most: int) -> int:
    return max(0, len(items) - most)
