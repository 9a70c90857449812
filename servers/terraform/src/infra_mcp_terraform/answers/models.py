"""What the tools of terraform-mcp return. Secrets are masked in all of it."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Page, Result

Action = Literal["create", "update", "delete", "replace", "read", "move", "import", "forget"]
PlanKind = Literal["apply", "destroy"]


class Diagnostic(Result):
    """What terraform has to say about the configuration or a resource."""

    severity: Literal["error", "warning"]
    summary: str
    detail: str | None = None
    address: str | None = Field(None, description="The resource concerned")
    file: str | None = None
    line: int | None = None
    snippet: str | None = Field(None, description="The line of the configuration")


class AttributeChange(Result):
    """One attribute; before or after is left out where it is null or absent."""

    path: str
    before: Any = None
    after: Any = None
    forces_replacement: bool | None = None


class Change(Result):
    """What a plan does to one resource."""

    address: str
    action: Action
    reason: str | None = Field(None, description="Terraform's own word for it")
    previous_address: str | None = None
    attributes: list[AttributeChange] = Field(description="Changed attributes; those that force a replacement first")
    omitted_attributes: int | None = None


class Risk(Result):
    """A resource that would be lost or made anew."""

    address: str
    action: Literal["delete", "replace", "forget"]
    stateful: bool = Field(description="Its type usually holds data: a database, disk, bucket, key, guest …")
    forced_by: list[str] | None = Field(None, description="Attributes that can't be changed in place")
    reason: str | None = None


class Interrupted(Result):
    """An earlier apply that was stopped before its end."""

    tool: str
    began: str
    applied: list[str] = Field(description="Resources that were done by then, at most 50")
    applied_count: int


class Plan(Result):
    """A saved plan. Nothing has been changed."""

    plan_id: LocalId
    directory: str
    workspace: str
    kind: PlanKind
    expires: str
    summary: str
    counts: dict[str, int] = Field(description="Resources by action")
    risks: list[Risk] = Field(description="The first, those of stateful types before others")
    risk_count: int
    changes: list[Change] = Field(description="The first; show_plan pages through all")
    change_count: int
    outputs: dict[str, str] = Field(description="Outputs that change, with their action")
    drifted: int | None = Field(None, description="Resources changed outside Terraform since the last apply")
    warnings: list[Diagnostic] | None = None
    interrupted: Interrupted | None = Field(None, description="An earlier apply here did not come to its end")
    next: str = Field(description="How to go on")


class PlanPage(Result):
    """A part of a saved plan's changes."""

    plan_id: LocalId
    kind: PlanKind
    counts: dict[str, int]
    changes: list[Change]
    page: Page


class Drift(Result):
    """What differs between the state and the real infrastructure."""

    directory: str
    workspace: str
    in_sync: bool
    drifted: list[Change] = Field(description="before: as in the state; after: as it really is")
    page: Page
    warnings: list[Diagnostic] | None = None


class Applied(Result):
    """How the application of a plan ended."""

    plan_id: LocalId
    directory: str
    workspace: str
    status: Literal["applied", "failed", "stopped"]
    counts: dict[str, int] = Field(description="Resources done, by action")
    planned: int = Field(description="Resources that the plan would change")
    applied: list[str] = Field(description="Resources done, at most 50")
    failed_resources: list[str] | None = Field(None, description="At most 50")
    diagnostics: list[Diagnostic] | None = Field(None, description="Errors first, at most 20")
    outputs: dict[str, Any] | None = None
    state: Literal["saved", "may be locked or incomplete"]
    seconds: float
    next: str | None = None

    def failed(self) -> bool:
        return self.status != "applied"


class Resource(Result):
    """One resource instance of the state. In lists long texts are cut; state_show has them whole."""

    address: str
    type: str
    mode: Literal["managed", "data"]
    provider: str
    tainted: bool | None = None
    depends_on: list[str] | None = None
    attributes: dict[str, Any]


class State(Result):
    """A part of the state."""

    directory: str
    workspace: str
    terraform_version: str | None = None
    types: dict[str, int] = Field(description="How many resources of each type match")
    resources: list[Resource]
    outputs: list[str] = Field(description="Names of the outputs")
    page: Page


class Addresses(Result):
    """Resources of the state, by address."""

    directory: str
    workspace: str
    addresses: list[str]
    page: Page


class OutputValue(Result):
    value: Any = Field(description="Masked where sensitive")
    sensitive: bool


class Outputs(Result):
    """Outputs of the last apply."""

    directory: str
    workspace: str
    outputs: dict[str, OutputValue]


class Initialised(Result):
    directory: str
    terraform_version: str
    providers: dict[str, str] = Field(description="Selected versions by source address")
    warnings: list[Diagnostic] | None = None


class Validation(Result):
    directory: str
    valid: bool
    errors: int
    warnings: int
    diagnostics: list[Diagnostic] = Field(description="Errors first, at most 20")


class Formatting(Result):
    directory: str
    files: list[str] = Field(description="Files that are not, or were not, in the canonical format")
    written: bool = Field(description="Whether they have been rewritten")


class Workspaces(Result):
    directory: str
    current: str
    workspaces: list[str]


class Selected(Result):
    directory: str
    workspace: str
    previous: str


class Providers(Result):
    directory: str
    terraform_version: str
    platform: str | None = None
    selected: dict[str, str] = Field(description="Versions in the dependency lock file, by source address")
    required: list[str] = Field(description="Requirements, as a tree of modules in text")


class Unlocked(Result):
    directory: str
    lock_id: str
    unlocked: bool
