"""What the tools of ansible-mcp return."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Page, Result

Status = Literal["successful", "failed", "timeout", "canceled", "error"]


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


class Change(Result):
    """A task that changed something, or would have in check mode."""

    hosts: list[str]
    task: str
    path: str | None = None
    diff: str | None = None
    output_id: str | None = Field(None, description="Pass to read_output for the whole diff")


class Interrupted(Result):
    """A task that had begun on a host and had not ended when Ansible was stopped."""

    host: str
    task: str
    path: str | None = None


class RunResult(Result):
    """How a run ended."""

    run_id: LocalId = Field(description="Pass to get_run for the log")
    status: Status = Field(description="error: Ansible itself gave up")
    exit_status: int | None = Field(description="Of Ansible; null where a signal ended it")
    check_mode: bool = Field(description="true: Ansible only predicted, nothing was changed")
    hosts: dict[str, dict[str, int]] = Field(
        description="How many tasks ended how on each host: ok, changed, failed, unreachable, skipped, ignored, "
        "rescued; what is zero is left out. Hosts with problems first"
    )
    hosts_omitted: int | None = None
    failures: list[Failure] = Field(description="What made hosts fail")
    unreachable: list[Failure] = Field(description="Hosts that could not be reached, or refused us")
    ignored: list[Failure] | None = Field(None, description="Failures that the playbook ignores")
    rescued: list[Failure] | None = Field(None, description="Failures that a rescue section took care of")
    failures_omitted: int | None = None
    changed: list[Change]
    changed_omitted: int | None = None
    unmatched_plays: list[str] | None = Field(None, description="Plays whose pattern matched no host")
    interrupted: list[Interrupted] | None = Field(
        None, description="Ansible is stopped; on a remote host the command of such a task may still run"
    )
    warnings: list[str] | None = None
    output_tail: str | None = Field(None, description="What Ansible printed, where it gave up without a result")
    seconds: float

    def failed(self) -> bool:
        return self.status != "successful"


class HostResult(Result):
    """What a module said, on one host or the same on several."""

    hosts: list[str]
    status: Literal["ok", "changed", "failed", "unreachable", "skipped"]
    rc: int | None = None
    stdout: str | None = None
    stderr: str | None = None
    msg: str | None = None
    data: dict[str, Any] | None = Field(None, description="What else the module returned")
    diff: str | None = None
    data_omitted: bool | None = Field(None, description="true where data was too large for this answer")
    result_dropped: bool | None = Field(None, description="true where the result was too large to be kept")
    output_id: str | None = Field(None, description="Pass to read_output for the whole")


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


class Facts(Result):
    """Facts per host. The environment of the remote user is never among them."""

    run_id: LocalId
    facts: dict[str, dict[str, Any]]
    omitted_hosts: list[str] | None = Field(None, description="Too much for one answer: ask for them by pattern")
    unreachable: list[Failure]
    failed_hosts: list[Failure]
    seconds: float

    def failed(self) -> bool:
        return bool(self.unreachable or self.failed_hosts)


class Host(Result):
    name: str
    groups: list[str]


class Group(Result):
    name: str
    hosts: list[str] = Field(description="Direct members")
    children: list[str] | None = None


class Inventory(Result):
    inventory: str | None = Field(description="The file or folder; null where ansible.cfg or a setting names it")
    hosts: list[Host]
    groups: list[Group]
    page: Page = Field(description="Of the hosts")
    warnings: list[str] | None = None


class HostVars(Result):
    """The variables of a host as the inventory gives them. Secrets and vaulted values are masked."""

    host: str
    groups: list[str]
    variables: dict[str, Any]
    page: Page
    warnings: list[str] | None = None


class Playbook(Result):
    path: str
    plays: list[str] = Field(description="Name and host pattern of each play, or the playbook it imports")


class Playbooks(Result):
    playbooks: list[Playbook]
    page: Page


class Task(Result):
    name: str
    action: str
    path: str
    tags: list[str] | None = None
    section: Literal["tasks", "handlers", "rescue", "always"]


class Play(Result):
    name: str
    pattern: str
    hosts: list[str]
    tags: list[str] | None = None
    tasks: list[Task]


class Tasks(Result):
    """The tasks that would run, in order. A dynamic include shows its own tasks only when it runs."""

    playbook: str
    plays: list[Play]
    page: Page = Field(description="Of the tasks of all plays")
    warnings: list[str] | None = None


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


class MatchedPlay(Result):
    name: str
    pattern: str
    hosts: list[str]
    task_count: int


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


class RunInfo(Result):
    run_id: LocalId
    what: str = Field(description="The playbook, or the module and the pattern")
    inventory: str | None
    began: str = Field(description="ISO 8601, UTC")
    status: Literal["running", "successful", "failed", "timeout", "canceled", "error"]
    check_mode: bool
    seconds: float | None = None
    interrupted: list[Interrupted] | None = None


class RunLog(Result):
    run: RunInfo
    entries: list[LogEntry]
    page: Page


class Runs(Result):
    runs: list[RunInfo]
    page: Page
