"""What ran, and its log."""

from typing import Literal

from pydantic import Field

from infra_mcp_ansible.answers.failures import Interrupted
from infra_mcp_ansible.domain.run import RunRecord
from infra_mcp_ansible.domain.task_result import TaskResult
from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Page, Result


class LogEntry(Result):
    """How one task, or one item of its loop, ended on one host."""

    n: int
    host: str
    play: str
    task: str
    action: str
    path: str | None = None
    status: Literal["ok", "changed", "failed", "ignored", "rescued", "unreachable", "skipped"]
    item: str | None = None
    rc: int | None = None
    msg: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    diff: str | None = None
    result_dropped: bool | None = None
    output_id: str | None = None

    @classmethod
    def of(cls, result: TaskResult) -> "LogEntry":
        return cls(
            n=result.n,
            host=result.host,
            play=result.play,
            task=result.task,
            action=result.action,
            path=result.path,
            status=result.status,
            item=result.item,
            rc=result.rc,
            msg=result.msg,
            stdout=result.stdout,
            stderr=result.stderr,
            diff=result.diff,
            result_dropped=result.result_dropped or None,
            output_id=result.output_id,
        )


class RunInfo(Result):
    run_id: LocalId
    what: str = Field(description="The playbook, or the module and the pattern")
    inventory: str | None
    began: str = Field(description="ISO 8601, UTC")
    status: Literal["running", "successful", "failed", "timeout", "canceled", "error"]
    check_mode: bool
    seconds: float | None = None
    interrupted: list[Interrupted] | None = None

    @classmethod
    def of(cls, record: RunRecord) -> "RunInfo":
        return cls(
            run_id=record.run_id,
            what=record.what,
            inventory=record.inventory,
            began=record.began,
            status=record.status,
            check_mode=record.check_mode,
            seconds=record.seconds,
            interrupted=[Interrupted.of(task) for task in record.interrupted] or None,
        )


class RunLog(Result):
    run: RunInfo
    entries: list[LogEntry]
    page: Page


class Runs(Result):
    runs: list[RunInfo]
    page: Page
