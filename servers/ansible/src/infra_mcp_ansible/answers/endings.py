"""What every answer about an ended run says."""

from typing import Literal, TypedDict, cast

from infra_mcp_ansible.answers.failures import Interrupted
from infra_mcp_ansible.domain.run import Run
from infra_mcp_ansible.domain.texts import cut

Status = Literal["successful", "failed", "timeout", "canceled", "error"]
_MOST_WARNINGS = 10


class Ending(TypedDict):
    run_id: str
    status: Status
    exit_status: int | None
    check_mode: bool
    interrupted: list[Interrupted] | None
    warnings: list[str] | None
    output_tail: str | None
    seconds: float


def ending(run: Run) -> Ending:
    """The fields that such an answer has."""
    record = run.record
    return {
        "run_id": record.run_id,
        "status": cast("Status", record.status),
        "exit_status": run.exit_status,
        "check_mode": record.check_mode,
        "interrupted": [Interrupted.of(task) for task in record.interrupted] or None,
        "warnings": run.warnings[:_MOST_WARNINGS] or None,
        "output_tail": cut("\n".join(run.printed)) if record.status == "error" else None,
        "seconds": run.seconds,
    }
