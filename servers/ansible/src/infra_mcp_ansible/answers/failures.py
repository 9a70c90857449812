"""What went wrong, was changed, or was going on when Ansible was stopped."""

from collections.abc import Sequence

from pydantic import Field

from infra_mcp_ansible.domain.run import InterruptedTask, Run
from infra_mcp_ansible.domain.task_result import TaskResult, TaskStatus, alike
from infra_mcp_ansible.domain.texts import cut
from infra_mcp_common.results import Result


class Failure(Result):
    """A task that failed, on one host or in the same way on several. Texts are cut to their end."""

    hosts: list[str]
    task: str
    action: str
    path: str | None = Field(None, description="file:line of the task")
    rc: int | None = None
    msg: str = ""
    stderr: str | None = None
    stdout: str | None = None
    items: str | None = Field(None, description="Of a loop: how many items failed, and the first that did")
    result_dropped: bool | None = Field(None, description="true where the result was too large to be kept")
    output_id: str | None = Field(None, description="Pass to read_output for the whole texts")

    @classmethod
    def of(cls, group: Sequence[TaskResult]) -> "Failure":
        """group: results that are alike."""
        one = group[0]
        return cls(
            hosts=[result.host for result in group],
            task=one.task,
            action=one.action,
            path=one.path,
            rc=one.rc,
            msg=cut(one.msg) or "",
            stderr=cut(one.stderr),
            stdout=cut(one.stdout),
            items=one.items,
            result_dropped=one.result_dropped or None,
            output_id=one.output_id,
        )


class Change(Result):
    """A task that changed something, or would have in check mode."""

    hosts: list[str]
    task: str
    path: str | None = None
    diff: str | None = None
    output_id: str | None = Field(None, description="Pass to read_output for the whole diff")

    @classmethod
    def of(cls, group: Sequence[TaskResult]) -> "Change":
        """group: results that are alike."""
        one = group[0]
        return cls(
            hosts=[result.host for result in group],
            task=one.task,
            path=one.path,
            diff=cut(one.diff),
            output_id=one.output_id if one.diff else None,
        )


class Interrupted(Result):
    """A task that had begun on a host and had not ended when Ansible was stopped."""

    host: str
    task: str
    path: str | None = None

    @classmethod
    def of(cls, task: InterruptedTask) -> "Interrupted":
        return cls(host=task.host, task=task.task, path=task.path)


def failures(run: Run, status: TaskStatus) -> list[Failure]:
    """The tasks that ended so, identical ones of several hosts together."""
    groups = alike(
        (result for result in run.tasks if result.status == status),
        lambda r: (r.task, r.action, r.path, r.rc, r.msg, r.stderr, r.stdout, r.items),
    )
    return [Failure.of(group) for group in groups]


def changes(run: Run) -> list[Change]:
    """The tasks that changed something, identical ones of several hosts together."""
    changed = (result for result in run.tasks if result.status == "changed")
    return [Change.of(group) for group in alike(changed, lambda r: (r.task, r.path, r.diff))]
