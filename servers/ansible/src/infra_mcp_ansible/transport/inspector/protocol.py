"""What the inspector answers, in JSON."""

from typing import Literal, NotRequired, TypedDict

from infra_mcp_ansible.domain.playbook import Section
from infra_mcp_ansible.domain.variables import Variables

ProblemKind = Literal["inventory", "vault", "playbook", "module", "nobody", "failed"]


class ProblemAnswer(TypedDict):
    """said: Ansible's own words."""

    problem: ProblemKind
    said: str


class Answer(TypedDict):
    """secrets: what must be masked. unsearched: there were too many files to look for all of them."""

    secrets: list[str]
    unsearched: bool


class GroupAnswer(TypedDict):
    hosts: list[str]
    children: list[str]


class HostsAnswer(Answer):
    """hosts: those that match, each with its groups. vars: by host."""

    hosts: dict[str, list[str]]
    groups: dict[str, GroupAnswer]
    vars: NotRequired[dict[str, Variables]]


class PromptAnswer(TypedDict):
    name: str
    has_default: bool


class TaskAnswer(TypedDict):
    name: str
    action: str
    path: str
    tags: list[str]
    section: Section
    dynamic: bool


class MissingAnswer(TypedDict):
    name: str
    task: str
    path: str
    perhaps_loaded: bool


class PlayAnswer(TypedDict):
    name: str
    pattern: str
    hosts: list[str]
    tags: list[str]
    prompts: list[PromptAnswer]
    gathers_facts: bool
    tasks: list[TaskAnswer]
    missing: list[MissingAnswer]


class PlaybookAnswer(Answer):
    plays: list[PlayAnswer]
