"""How a change went."""

from typing import Any

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.domain.task import TaskOutcome


class Change(Result):
    """How a change went. done is true only when the system said that its task ended well."""

    done: bool
    vmid: int | None = None
    name: str | None = None
    node: str | None = None
    exit_status: str | None = Field(
        default=None, description="OK or WARNINGS: n; absent while it runs, or where there was no task"
    )
    warnings: list[str] | None = Field(default=None, description="The log's lines about them")
    upid: str | None = Field(default=None, description="The task's id")
    seconds: float | None = Field(default=None, description="How long was waited")
    next_step: str | None = None

    @classmethod
    def of(cls, outcome: TaskOutcome, guest: GuestRef | None = None, *, node: str | None = None) -> "Change":
        """guest: what was changed. node: where it is afterwards, if elsewhere."""
        known: dict[str, Any] = {"vmid": guest.vmid, "name": guest.name, "node": guest.node} if guest else {}
        upid = outcome.upid
        if upid is None:
            return cls(done=True, **known)
        return cls(
            done=outcome.done,
            **{"node": upid.node} | known | ({"node": node} if node and outcome.done else {}),
            exit_status=outcome.exit_status,
            warnings=list(outcome.warnings) or None,
            upid=upid.text,
            seconds=outcome.seconds,
            next_step=_next_step(outcome),
        )


class ConfigChange(Result):
    """What changed in a configuration at once, and what waits for the guest's next start."""

    done: bool = True
    vmid: int
    changed: list[str]
    pending: list[str] = Field(description="Options that take effect when the guest is stopped and started")
    digest: str

    @classmethod
    def of(cls, guest: GuestRef, changed: set[str], pending: list[str], digest: object) -> "ConfigChange":
        return cls(vmid=guest.vmid, changed=sorted(changed), pending=pending, digest=str(digest))


def _next_step(outcome: TaskOutcome) -> str | None:
    if outcome.done or outcome.upid is None:
        return None
    if outcome.exit_status is None:
        return f"The task {outcome.upid.type} is still running. Go on with wait_task and this upid."
    return "The HA manager has taken the order and carries it out by itself: look at the guest in a while."
