"""Saved plans."""

from datetime import UTC, datetime

from pydantic import Field

from infra_mcp_common.local_ids import LocalId
from infra_mcp_common.results import Page, Result
from infra_mcp_terraform.answers.changes import Change, Risk
from infra_mcp_terraform.answers.diagnostics import Diagnostic
from infra_mcp_terraform.domain import runs
from infra_mcp_terraform.domain.changes import Change as PlannedChange
from infra_mcp_terraform.domain.plans import PlanKind, SavedPlan

_FIRST_CHANGES, _FIRST_RISKS, _FIRST_ATTRIBUTES = 10, 20, 12


class Interrupted(Result):
    """An earlier apply that was stopped before its end."""

    tool: str
    began: str
    applied: list[str] = Field(description="Resources that were done by then, at most 50")
    applied_count: int

    @classmethod
    def of(cls, found: runs.Interrupted) -> "Interrupted":
        return cls(tool=found.tool, began=found.began, applied=list(found.applied), applied_count=found.applied_count)


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

    @classmethod
    def of(cls, record: SavedPlan) -> "Plan":
        """A saved plan as an answer of bounded size."""
        planned = record.planned
        return cls(
            plan_id=record.plan_id,
            directory=str(record.directory),
            workspace=record.workspace,
            kind=record.kind,
            expires=datetime.fromtimestamp(record.expires, UTC).isoformat(timespec="seconds"),
            summary=planned.summary,
            counts=planned.counts,
            risks=[Risk.of(risk) for risk in planned.risks[:_FIRST_RISKS]],
            risk_count=len(planned.risks),
            changes=Change.all_of(change.shortened(_FIRST_ATTRIBUTES) for change in planned.changes[:_FIRST_CHANGES]),
            change_count=len(planned.changes),
            outputs=planned.outputs,
            drifted=planned.drifted or None,
            warnings=Diagnostic.all_of(planned.warnings) or None,
            interrupted=Interrupted.of(record.interrupted) if record.interrupted else None,
            next=_next(record),
        )


def _next(record: SavedPlan) -> str:
    planned = record.planned
    if not planned.changes and not planned.outputs:
        return "Nothing to do."
    rest = "show_plan shows the rest; " if len(planned.changes) > _FIRST_CHANGES else ""
    return f"{rest}{record.kind} with this plan_id and confirmed: true carries it out."


class PlanPage(Result):
    """A part of a saved plan's changes."""

    plan_id: LocalId
    kind: PlanKind
    counts: dict[str, int]
    changes: list[Change]
    page: Page

    @classmethod
    def of(cls, record: SavedPlan, part: list[PlannedChange], where: Page) -> "PlanPage":
        return cls(
            plan_id=record.plan_id,
            kind=record.kind,
            counts=record.planned.counts,
            changes=Change.all_of(part),
            page=where,
        )
