"""What a playbook holds, as Ansible reads it before anything runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Section = Literal["tasks", "handlers", "rescue", "always"]


@dataclass(frozen=True)
class PlaybookFile:
    """plays: name and host pattern of each, or the playbook it imports."""

    path: Path
    plays: list[str]


@dataclass(frozen=True)
class Task:
    """path: file:line. dynamic: an include, whose own tasks can be seen only when it runs."""

    name: str
    action: str
    path: str
    tags: list[str]
    section: Section
    dynamic: bool


@dataclass(frozen=True)
class Prompt:
    name: str
    has_default: bool


@dataclass(frozen=True)
class MissingVariable:
    """A variable that a task uses and nothing defines beforehand. perhaps_loaded: the play loads some when it runs."""

    name: str
    task: str
    path: str
    perhaps_loaded: bool


@dataclass(frozen=True)
class Play:
    """hosts: those that match. prompts: those that extra_vars do not answer."""

    name: str
    pattern: str
    hosts: list[str]
    tags: list[str]
    prompts: list[Prompt]
    gathers_facts: bool
    tasks: list[Task]
    missing: list[MissingVariable]


@dataclass(frozen=True)
class Playbook:
    plays: list[Play]
    warnings: list[str]

    @property
    def hosts(self) -> list[str]:
        return [host for play in self.plays for host in play.hosts]

    @property
    def tasks(self) -> list[Task]:
        return [task for play in self.plays for task in play.tasks]

    @property
    def tags(self) -> list[str]:
        """Those of plays and tasks, each once."""
        of_plays = {tag for play in self.plays for tag in play.tags}
        return sorted(of_plays | {tag for task in self.tasks for tag in task.tags})

    @property
    def unanswered(self) -> list[str]:
        """The names of the prompts that nobody would answer."""
        return [prompt.name for play in self.plays for prompt in play.prompts if not prompt.has_default]

    @property
    def ready(self) -> bool:
        """Whether it would start: hosts match, and no prompt lacks an answer."""
        return bool(self.hosts) and not self.unanswered

    @property
    def task_count(self) -> int:
        """How many tasks a run would have, so far as can be seen."""
        return sum(len(play.tasks) + play.gathers_facts for play in self.plays if play.hosts)
