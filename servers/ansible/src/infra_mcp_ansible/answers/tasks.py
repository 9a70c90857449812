"""The tasks of a playbook."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from infra_mcp_ansible.domain import playbook as domain
from infra_mcp_ansible.domain.project import PlaybookProject
from infra_mcp_common.results import Page, Result, page


class Task(Result):
    name: str
    action: str
    path: str
    tags: list[str] | None = None
    section: Literal["tasks", "handlers", "rescue", "always"]

    @classmethod
    def of(cls, task: domain.Task) -> "Task":
        return cls(name=task.name, action=task.action, path=task.path, tags=task.tags or None, section=task.section)


class Play(Result):
    name: str
    pattern: str
    hosts: list[str]
    tags: list[str] | None = None
    tasks: list[Task]

    @classmethod
    def of(cls, play: domain.Play, shown: Sequence[domain.Task]) -> "Play":
        """shown: its tasks on this page."""
        tasks = [Task.of(task) for task in shown]
        return cls(name=play.name, pattern=play.pattern, hosts=play.hosts, tags=play.tags or None, tasks=tasks)


class Tasks(Result):
    """The tasks that would run, in order. A dynamic include shows its own tasks only when it runs."""

    playbook: str
    plays: list[Play]
    page: Page = Field(description="Of the tasks of all plays")
    warnings: list[str] | None = None

    @classmethod
    def of(cls, project: PlaybookProject, playbook: domain.Playbook, offset: int, limit: int) -> "Tasks":
        numbered = [(number, task) for number, play in enumerate(playbook.plays) for task in play.tasks]
        part, listed = page(numbered, offset, limit)
        return cls(
            playbook=str(project.playbook),
            plays=[
                Play.of(play, [task for of_play, task in part if of_play == number])
                for number, play in enumerate(playbook.plays)
            ],
            page=listed,
            warnings=playbook.warnings or None,
        )
