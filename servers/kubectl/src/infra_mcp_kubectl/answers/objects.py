"""What the tools of kubectl-mcp return."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.results import Output, Page, Result


class Answer(Result):
    """Base of all answers: which cluster it is about."""

    context: str = Field(description="Context of the kubeconfig that was used")


class Listing(Answer):
    """Objects of a kind: those that need attention first, then as the cluster orders them."""

    namespace: str | None = Field(default=None, description="Absent for all namespaces and for kinds outside of them")
    columns: list[str] | None = Field(default=None, description="Titles of the rows' cells, or the fields asked for")
    rows: list[list[Any]] | None = None
    items: list[dict[str, Any]] | None = Field(default=None, description="Whole objects; values of Secrets are masked")
    problems: int | None = Field(default=None, description="How many of all rows need attention; they come first")
    page: Page
    note: str | None = None
    warnings: list[str] | None = None


class Description(Answer):
    namespace: str | None = None
    text: Output


class ContextInfo(Result):
    name: str
    cluster: str
    user: str
    namespace: str = Field(description="Used where a call names none")
    current: bool
    allowed: bool = Field(description="Whether the operator lets this server use it")


class Contexts(Result):
    contexts: list[ContextInfo]
    protected_namespaces: list[str] = Field(description="Names or patterns of namespaces in which nothing is changed")


class Change(Result):
    """A field that changed. before or after is absent where the field was or is not there."""

    path: str
    before: Any = None
    after: Any = None


class FieldConflict(Result):
    """A field that belongs to another manager."""

    manager: str
    field: str


class Outcome(Result):
    """What became of one object of a manifest."""

    object: str = Field(description="As deployment/web")
    namespace: str | None = None
    action: Literal["created", "configured", "unchanged", "failed"]
    changes: list[Change] | None = None
    more_changes: int | None = Field(default=None, description="Changed fields left out of a long answer")
    error: str | None = None
    conflicts: list[FieldConflict] | None = None


class Applied(Answer):
    """Per object what was done, or with dry_run what would be."""

    dry_run: bool
    outcomes: list[Outcome]

    def failed(self) -> bool:
        return any(outcome.action == "failed" for outcome in self.outcomes)


class Match(Result):
    """An object that a call is about."""

    object: str = Field(description="As pod/web-1")
    namespace: str | None = None
    owners: list[str] | None = Field(default=None, description="What makes it anew when it is gone")
    finalizers: list[str] | None = Field(default=None, description="What has to happen before it goes")


class Deletion(Match):
    """What became of one object that was to be deleted."""

    state: Literal["deleted", "asked", "failed"] = Field(description="asked: it goes once its finalizers are done")


class Deleted(Answer):
    deletions: list[Deletion]
    error: str | None = None

    def failed(self) -> bool:
        return any(deletion.state == "failed" for deletion in self.deletions)


class Changed(Answer):
    """One object after a change of it."""

    object: str
    namespace: str | None = None
    changes: list[Change] = Field(description="Empty where nothing had to change")
    warnings: list[str] | None = None


class LogPart(Result):
    """The log of one container."""

    pod: str
    container: str
    text: str
    lines: int = Field(description="Lines shown")
    read: int = Field(description="Lines read, from the end; with grep more than are shown")
    error: str | None = Field(default=None, description="Why there is no log")


class Logs(Answer):
    namespace: str
    logs: list[LogPart]
    not_shown: list[str] | None = Field(default=None, description="Further containers, as pod/container")

    def failed(self) -> bool:
        return all(part.error is not None for part in self.logs)


class ExecResult(Answer):
    """How a command in a container ended."""

    namespace: str
    pod: str
    exit_status: int | None = Field(description="The command's own; null where it was cut off")
    timed_out: bool
    stdout: Output
    stderr: Output

    def failed(self) -> bool:
        return self.timed_out


class Rollout(Answer):
    """How far a rollout is."""

    object: str
    namespace: str
    complete: bool
    desired: int
    updated: int
    ready: int
    available: int
    image: list[str]
    revision: str | None = None
    why_not: str | None = Field(default=None, description="What holds it up")


class History(Answer):
    object: str
    namespace: str
    columns: list[str]
    rows: list[list[str]]


class Usage(Answer):
    columns: list[str]
    rows: list[list[str]]
    page: Page


class EventGroup(Result):
    """Equal events of one object."""

    type: str
    reason: str
    object: str
    namespace: str | None = None
    message: str
    count: int
    last_seen: str | None = Field(default=None, description="ISO 8601, UTC")


class Events(Answer):
    namespace: str | None = None
    events: list[EventGroup]
    page: Page
    note: str | None = None


class Waited(Answer):
    met: bool
    said: str
    state: list[Any] | None = Field(default=None, description="Status of the object, where the condition was not met")


class Access(Answer):
    allowed: bool
    said: str | None = None


class Text(Answer):
    text: Output


class Kinds(Answer):
    columns: list[str]
    rows: list[list[str]]
    page: Page


class Drained(Answer):
    node: str
    evicted: list[str]
    kept: list[str] | None = Field(default=None, description="Pods that are still there, and why")
    error: str | None = None

    def failed(self) -> bool:
        return self.error is not None


class Cause(Result):
    """Something that is not well, and why."""

    object: str
    cause: str = Field(description="What is wrong, in this server's words")
    says: list[str] | None = Field(default=None, description="The cluster's own words: states, conditions, events")
    exit_code: int | None = None
    restarts: int | None = None
    previous_log: list[str] | None = Field(default=None, description="The end of the log of the container that died")
    next_step: str | None = None


class Diagnosis(Answer):
    """Why something is not well: the causes found, the most telling first."""

    object: str
    namespace: str
    healthy: bool
    summary: str
    causes: list[Cause]
    more_causes: int | None = Field(default=None, description="Causes left out here; ask about the single pods")
    rollouts: list[Rollout] | None = None
    warnings: list[EventGroup] | None = Field(default=None, description="Warning events that no cause above tells of")
