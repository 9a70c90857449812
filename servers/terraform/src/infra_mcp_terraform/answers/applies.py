"""How plans were carried out."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Result
from infra_mcp_terraform.answers.diagnostics import Diagnostic
from infra_mcp_terraform.domain.plans import SavedPlan
from infra_mcp_terraform.domain.runs import ApplyRun


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

    @classmethod
    def of(cls, record: SavedPlan, run: ApplyRun) -> "Applied":
        again = "Plan again: the state has what was done, a new plan has the rest."
        return cls(
            plan_id=record.plan_id,
            directory=str(record.directory),
            workspace=record.workspace,
            status=run.status,
            counts=run.counts,
            planned=len(record.planned.changes),
            applied=list(run.applied),
            failed_resources=list(run.failed) or None,
            diagnostics=Diagnostic.all_of(run.diagnostics) or None,
            outputs={name: output.value for name, output in run.outputs.items()},
            state=run.state,
            seconds=round(run.seconds, 2),
            next=None if run.exit_status == 0 else again,
        )
