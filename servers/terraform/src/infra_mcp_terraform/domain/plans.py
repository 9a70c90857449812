"""Plans: what one is asked to cover, and what is known of a saved one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from infra_mcp_terraform.domain.changes import Change, counts_of
from infra_mcp_terraform.domain.diagnostics import Diagnostic
from infra_mcp_terraform.domain.documents import Value
from infra_mcp_terraform.domain.risks import Risk
from infra_mcp_terraform.domain.runs import Interrupted

PlanKind = Literal["apply", "destroy"]
_ORDER = ("create", "update", "replace", "delete", "forget", "import", "move", "read")


@dataclass(frozen=True)
class PlanRequest:
    """mode: apply the configuration, destroy everything, or only compare the state with what is really there."""

    mode: Literal["apply", "destroy", "refresh"] = "apply"
    variables: dict[str, Value] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    refresh: bool = True

    @property
    def kind(self) -> PlanKind:
        """Which tool may carry out such a plan."""
        return "destroy" if self.mode == "destroy" else "apply"


@dataclass(frozen=True)
class PlannedChanges:
    """What a plan would do. outputs: those that change, with their action; drifted: resources changed outside
    Terraform since the last apply.
    """

    changes: tuple[Change, ...]
    risks: tuple[Risk, ...]
    outputs: dict[str, str]
    drifted: int
    warnings: tuple[Diagnostic, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Resources by action."""
        return counts_of(self.changes)

    @property
    def summary(self) -> str:
        """One line: how many resources, by action."""
        counts = self.counts
        parts = [f"{counts[action]} to {action}" for action in _ORDER if action in counts]
        if self.outputs:
            parts.append(f"{len(self.outputs)} {'output' if len(self.outputs) == 1 else 'outputs'} to change")
        return ", ".join(parts) or "no changes"


@dataclass(frozen=True)
class SavedPlan:
    """What is known of a saved plan. created, expires: seconds since the epoch; configuration: digest of it at
    planning time; interrupted: an earlier apply that was found then not to have come to its end.
    """

    plan_id: str
    sha256: str
    created: float
    expires: float
    directory: Path
    workspace: str
    kind: PlanKind
    configuration: str
    var_files: tuple[Path, ...]
    planned: PlannedChanges
    interrupted: Interrupted | None = None
