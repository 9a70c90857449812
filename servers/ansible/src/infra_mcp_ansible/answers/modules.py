"""What one module did on each host."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from infra_mcp_ansible.answers.endings import Status, ending
from infra_mcp_ansible.answers.failures import Interrupted
from infra_mcp_ansible.domain.run import Run
from infra_mcp_ansible.domain.task_result import TaskResult, alike
from infra_mcp_ansible.domain.texts import cut
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Result

_MOST_GROUPS, _LARGEST_DATA = 20, 20_000
_PROBLEMS_FIRST = {"unreachable": 0, "failed": 1}


class HostResult(Result):
    """What a module said, on one host or the same on several."""

    hosts: list[str]
    status: Literal["ok", "changed", "failed", "unreachable", "skipped"]
    rc: int | None = None
    stdout: str | None = None
    stderr: str | None = None
    msg: str | None = None
    data: Variables | None = Field(None, description="What else the module returned")
    diff: str | None = None
    data_omitted: bool | None = Field(None, description="true where data was too large for this answer")
    result_dropped: bool | None = Field(None, description="true where the result was too large to be kept")
    output_id: str | None = Field(None, description="Pass to read_output for the whole")

    @classmethod
    def of(cls, group: Sequence[TaskResult]) -> "HostResult":
        """group: results that are alike."""
        one = group[0]
        fits = len(repr(one.data)) <= _LARGEST_DATA
        return cls.model_validate(
            {
                "hosts": [result.host for result in group],
                "status": one.status,
                "rc": one.rc,
                "msg": cut(one.msg),
                "stdout": cut(one.stdout),
                "stderr": cut(one.stderr),
                "diff": cut(one.diff),
                "data": (one.data or None) if fits else None,
                "data_omitted": None if fits else True,
                "result_dropped": one.result_dropped or None,
                "output_id": one.output_id,
            }
        )


class AdhocResult(Result):
    """What one module did on each host."""

    run_id: LocalId = Field(description="Pass to get_run for the log")
    status: Status
    exit_status: int | None = Field(description="Of Ansible; null where a signal ended it")
    check_mode: bool = Field(description="true: Ansible only predicted, nothing was changed")
    results: list[HostResult] = Field(description="Problems first; hosts with the same result together")
    results_omitted: int | None = None
    interrupted: list[Interrupted] | None = Field(
        None, description="Ansible is stopped; on a remote host the command may still run"
    )
    warnings: list[str] | None = None
    output_tail: str | None = Field(None, description="What Ansible printed, where it gave up without a result")
    seconds: float

    def failed(self) -> bool:
        return self.status != "successful"

    @classmethod
    def of(cls, run: Run) -> "AdhocResult":
        groups = alike(
            sorted(run.tasks, key=lambda r: _PROBLEMS_FIRST.get(r.status, 2)),
            lambda r: (r.status, r.rc, r.msg, r.stdout, r.stderr, r.diff, repr(r.data)),
        )
        return cls(
            **ending(run),
            results=[HostResult.of(group) for group in groups[:_MOST_GROUPS]],
            results_omitted=max(0, len(groups) - _MOST_GROUPS) or None,
        )
