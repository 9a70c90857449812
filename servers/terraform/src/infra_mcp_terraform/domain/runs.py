"""Runs of terraform in a directory: who is at work, how an apply ended, what an interrupted one had done."""

from dataclasses import dataclass, replace
from typing import Literal

from infra_mcp_terraform.domain.diagnostics import Diagnostic
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.domain.states import Output

MOST_NAMES = 50


@dataclass(frozen=True)
class RunNote:
    """Who is at work. process: terraform's id, which is that of its group; born: when it started, in clock ticks."""

    tool: str
    since: str
    process: int | None = None
    born: str | None = None


@dataclass(frozen=True)
class Interrupted:
    """An earlier apply that was stopped before its end. applied: resources that were done by then, at most 50."""

    tool: str
    began: str
    applied: tuple[str, ...]
    applied_count: int

    def masked(self, secrets: Secrets) -> "Interrupted":
        return replace(self, applied=tuple(map(secrets.mask_address, self.applied)))


@dataclass(frozen=True)
class ApplyRun:
    """How an apply ended. counts: resources done, by action. exit_status: None where a signal ended it."""

    exit_status: int | None
    timed_out: bool
    seconds: float
    counts: dict[str, int]
    applied: tuple[str, ...]
    failed: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    outputs: dict[str, Output]

    @property
    def status(self) -> Literal["applied", "failed", "stopped"]:
        if self.timed_out or self.exit_status is None:
            return "stopped"
        return "applied" if self.exit_status == 0 else "failed"

    @property
    def state(self) -> Literal["saved", "may be locked or incomplete"]:
        # A signal ended it where it did not answer to two SIGINTs; then nobody has saved or unlocked anything.
        return "saved" if self.exit_status is not None else "may be locked or incomplete"
