"""What is not well, and why."""

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.answers.events import EventGroup
from infra_mcp_kubectl.answers.workloads import Rollout
from infra_mcp_kubectl.domain import causes, diagnosis


class Cause(Result):
    """Something that is not well, and why."""

    object: str
    cause: str = Field(description="What is wrong, in this server's words")
    says: list[str] | None = Field(default=None, description="The cluster's own words: states, conditions, events")
    exit_code: int | None = None
    restarts: int | None = None
    previous_log: list[str] | None = Field(default=None, description="The end of the log of the container that died")
    next_step: str | None = None

    @classmethod
    def of(cls, cause: causes.Cause) -> "Cause":
        return cls(
            object=cause.object,
            cause=cause.cause,
            says=cause.says,
            exit_code=cause.exit_code,
            restarts=cause.restarts,
            previous_log=cause.previous_log,
            next_step=cause.next_step,
        )


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

    @classmethod
    def of(cls, context: str, found: diagnosis.Diagnosis) -> "Diagnosis":
        return cls(
            context=context,
            object=str(found.target),
            namespace=found.target.namespace,
            healthy=found.healthy,
            summary=found.summary,
            causes=[Cause.of(cause) for cause in found.causes],
            more_causes=found.more_causes or None,
            rollouts=[Rollout.of(context, rollout) for rollout in found.rollouts] or None,
            warnings=[EventGroup.of(series) for series in found.warnings] or None,
        )
