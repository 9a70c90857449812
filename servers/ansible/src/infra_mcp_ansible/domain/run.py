"""A run of Ansible."""

from dataclasses import dataclass
from typing import Literal

from infra_mcp_ansible.domain.task_result import TaskResult

RunStatus = Literal["running", "successful", "failed", "timeout", "canceled", "error"]


@dataclass(frozen=True)
class InterruptedTask:
    """A task that had begun on a host and had not ended when Ansible was stopped."""

    host: str
    task: str
    path: str | None


@dataclass(frozen=True)
class RunRecord:
    """What is kept of a run beside its log. what: the playbook, or the module and the pattern. began: ISO 8601, UTC.
    status: "error" where Ansible itself gave up.
    """

    run_id: str
    what: str
    inventory: str | None
    began: str
    check_mode: bool
    status: RunStatus = "running"
    seconds: float | None = None
    interrupted: tuple[InterruptedTask, ...] = ()


@dataclass(frozen=True)
class Run:
    """A run that has ended.

    exit_status: of Ansible, None where a signal ended it. counts: by host, how many tasks ended how. printed: what
    Ansible said beside its results.
    """

    record: RunRecord
    exit_status: int | None
    seconds: float
    results: list[TaskResult]
    counts: dict[str, dict[str, int]]
    warnings: list[str]
    printed: list[str]
    unmatched_plays: list[str]

    @property
    def tasks(self) -> list[TaskResult]:
        """How tasks ended as a whole; the items of loops are told by their task."""
        return [result for result in self.results if result.item is None]
