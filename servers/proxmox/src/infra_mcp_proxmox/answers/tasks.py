"""Tasks. Times are ISO 8601 in UTC."""

from collections.abc import Iterable

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_proxmox.domain.task import Task as DomainTask
from infra_mcp_proxmox.domain.task import moment


class Task(Result):
    """A task of a node. exit_status is absent while it runs."""

    upid: str
    node: str
    type: str = Field(description="As qmstart, vzdump, qmigrate")
    id: str | None = Field(default=None, description="Mostly the guest's id")
    user: str
    started: str
    ended: str | None = None
    running: bool
    exit_status: str | None = None
    ok: bool | None = Field(default=None, description="Whether it ended well: OK or with warnings")

    @classmethod
    def of(cls, task: DomainTask) -> "Task":
        return cls(
            upid=task.upid,
            node=task.node,
            type=task.type,
            id=task.subject,
            user=task.user,
            started=moment(task.started) or "",
            ended=moment(task.ended),
            running=task.running,
            exit_status=task.exit_status,
            ok=task.ok,
        )


class TaskList(Page):
    tasks: list[Task]

    @classmethod
    def of(cls, tasks: Iterable[DomainTask], where: Page) -> "TaskList":
        return cls(**where.model_dump(), tasks=[Task.of(task) for task in tasks])


class TaskLog(Page):
    lines: list[str]

    @classmethod
    def of(cls, lines: list[str], total: int, offset: int) -> "TaskLog":
        following = offset + len(lines)
        return cls(lines=lines, total=total, offset=offset, next_offset=following if following < total else None)
