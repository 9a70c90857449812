"""What is known of a playbook before it runs."""

from pydantic import Field

from infra_mcp_ansible.domain import playbook as domain
from infra_mcp_ansible.domain.project import PlaybookProject
from infra_mcp_common.results import Page, Result


class Playbook(Result):
    path: str
    plays: list[str] = Field(description="Name and host pattern of each play, or the playbook it imports")

    @classmethod
    def of(cls, file: domain.PlaybookFile) -> "Playbook":
        return cls(path=str(file.path), plays=file.plays)


class Playbooks(Result):
    playbooks: list[Playbook]
    page: Page


class Prompt(Result):
    name: str
    play: str
    has_default: bool


class Missing(Result):
    """A variable that a task uses and nothing defines that can be seen before the run."""

    name: str
    task: str
    path: str
    perhaps_loaded: bool = Field(description="The play loads variables at run time, which may define it")

    @classmethod
    def of(cls, missing: domain.MissingVariable) -> "Missing":
        return cls(name=missing.name, task=missing.task, path=missing.path, perhaps_loaded=missing.perhaps_loaded)


class MatchedPlay(Result):
    name: str
    pattern: str
    hosts: list[str]
    task_count: int

    @classmethod
    def of(cls, play: domain.Play) -> "MatchedPlay":
        return cls(name=play.name, pattern=play.pattern, hosts=play.hosts, task_count=len(play.tasks))


class Checked(Result):
    """What is known of a playbook before it runs. Nothing has run."""

    playbook: str
    ready: bool = Field(description="Whether run_playbook would start it: hosts match and no prompt lacks an answer")
    plays: list[MatchedPlay]
    tags: list[str]
    prompts: list[Prompt] = Field(description="Without a default each must be answered by a name in extra_vars")
    missing_variables: list[Missing]
    dynamic_includes: list[str] = Field(description="file:line of includes whose tasks can't be seen yet")
    warnings: list[str] | None = None

    @classmethod
    def of(cls, project: PlaybookProject, playbook: domain.Playbook) -> "Checked":
        return cls(
            playbook=str(project.playbook),
            ready=playbook.ready,
            plays=[MatchedPlay.of(play) for play in playbook.plays],
            tags=playbook.tags,
            prompts=[
                Prompt(name=prompt.name, play=play.name, has_default=prompt.has_default)
                for play in playbook.plays
                for prompt in play.prompts
            ],
            missing_variables=[Missing.of(missing) for play in playbook.plays for missing in play.missing],
            dynamic_includes=[task.path for task in playbook.tasks if task.dynamic],
            warnings=playbook.warnings or None,
        )
