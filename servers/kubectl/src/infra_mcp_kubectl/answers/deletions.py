"""Objects that are deleted."""

from typing import Literal, Self

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.domain.deletions import DeletionOutcome, finalizers, owner_names
from infra_mcp_kubectl.domain.objects import KubeObject, name_of, namespace_of

_LONGEST = 2000


class Match(Result):
    """An object that a call is about."""

    object: str = Field(description="As pod/web-1")
    namespace: str | None = None
    owners: list[str] | None = Field(default=None, description="What makes it anew when it is gone")
    finalizers: list[str] | None = Field(default=None, description="What has to happen before it goes")

    @classmethod
    def of(cls, item: KubeObject, **more: str) -> Self:
        return cls.model_validate(
            {
                "object": name_of(item),
                "namespace": namespace_of(item),
                "owners": owner_names(item) or None,
                "finalizers": finalizers(item) or None,
                **more,
            }
        )


class Deletion(Match):
    """What became of one object that was to be deleted."""

    state: Literal["deleted", "asked", "failed"] = Field(description="asked: it goes once its finalizers are done")


class Deleted(Answer):
    deletions: list[Deletion]
    error: str | None = None

    def failed(self) -> bool:
        return any(deletion.state == "failed" for deletion in self.deletions)

    @classmethod
    def of(cls, context: str, done: list[DeletionOutcome], complaints: list[str]) -> "Deleted":
        told = [Deletion.of(each.item, state=each.state) for each in done]
        return cls(context=context, deletions=told, error="\n".join(complaints)[:_LONGEST] or None)
