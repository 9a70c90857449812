"""Rollouts of workloads, and the revisions they have had."""

from pydantic import Field

from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.domain import rollouts


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

    @classmethod
    def of(cls, context: str, rollout: rollouts.Rollout) -> "Rollout":
        return cls(
            context=context,
            object=rollout.object,
            namespace=rollout.namespace,
            complete=rollout.complete,
            desired=rollout.replicas.desired,
            updated=rollout.replicas.updated,
            ready=rollout.replicas.ready,
            available=rollout.replicas.available,
            image=rollout.image,
            revision=rollout.revision,
            why_not=rollout.why_not,
        )


class History(Answer):
    object: str
    namespace: str
    columns: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, context: str, workload: str, namespace: str, revisions: list[rollouts.Revision]) -> "History":
        return cls(
            context=context,
            object=workload,
            namespace=namespace,
            columns=["REVISION", "CHANGE-CAUSE"],
            rows=[[revision.number, revision.change_cause] for revision in revisions],
        )
