"""What hosts say of themselves."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from pydantic import Field

from infra_mcp_ansible.answers.failures import Failure, failures
from infra_mcp_ansible.domain.run import Run
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Result

_LARGEST_FACTS = 40_000


class Pinged(Result):
    """Which hosts Ansible can log in to and run Python on."""

    run_id: LocalId
    reachable: list[str]
    unreachable: list[Failure]
    failed_hosts: list[Failure] = Field(description="Reached, but Python could not be run there")
    unanswered: list[str] | None = Field(None, description="Hosts that had not answered at the deadline")
    seconds: float

    def failed(self) -> bool:
        return bool(self.unreachable or self.failed_hosts or self.unanswered)

    @classmethod
    def of(cls, run: Run) -> "Pinged":
        return cls(
            run_id=run.record.run_id,
            reachable=sorted(result.host for result in run.tasks if result.status == "ok"),
            unreachable=failures(run, "unreachable"),
            failed_hosts=failures(run, "failed"),
            unanswered=sorted(task.host for task in run.record.interrupted) or None,
            seconds=run.seconds,
        )


class Facts(Result):
    """Facts per host. The environment of the remote user is never among them."""

    run_id: LocalId
    facts: dict[str, Variables]
    omitted_hosts: list[str] | None = Field(None, description="Too much for one answer: ask for them by pattern")
    unreachable: list[Failure]
    failed_hosts: list[Failure]
    seconds: float

    def failed(self) -> bool:
        return bool(self.unreachable or self.failed_hosts)

    @classmethod
    def of(cls, run: Run, wanted: Sequence[str]) -> "Facts":
        """wanted: patterns of the names of facts."""
        gathered = {result.host: _chosen(result.data, wanted) for result in run.tasks if result.status == "ok"}
        facts = _within_size(gathered)
        return cls(
            run_id=run.record.run_id,
            facts=facts,
            omitted_hosts=[host for host in gathered if host not in facts] or None,
            unreachable=failures(run, "unreachable"),
            failed_hosts=failures(run, "failed"),
            seconds=run.seconds,
        )


def _chosen(data: Variables, wanted: Sequence[str]) -> Variables:
    facts: Variables = data.get("ansible_facts") or {}
    return {
        name: value
        for name, value in facts.items()
        if name != "ansible_env" and any(fnmatchcase(name, pattern) for pattern in wanted)
    }


def _within_size(facts: dict[str, Variables]) -> dict[str, Variables]:
    shown: dict[str, Variables] = {}
    size = 0
    for host, of_host in facts.items():
        size += len(repr(of_host))
        if size <= _LARGEST_FACTS or not shown:
            shown[host] = of_host
    return shown
