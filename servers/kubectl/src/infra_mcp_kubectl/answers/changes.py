"""Objects after a change of them."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.domain.changes import FieldChange, differences
from infra_mcp_kubectl.domain.objects import KubeObject, name_of, namespace_of


class Change(Result):
    """A field that changed. before or after is absent where the field was or is not there."""

    path: str
    before: Any = None
    after: Any = None

    @classmethod
    def of(cls, change: FieldChange) -> "Change":
        return cls(path=change.path, before=change.before, after=change.after)


class Changed(Answer):
    """One object after a change of it."""

    object: str
    namespace: str | None = None
    changes: list[Change] = Field(description="Empty where nothing had to change")
    warnings: list[str] | None = None

    @classmethod
    def of(cls, context: str, before: KubeObject, after: KubeObject, warnings: Iterable[str]) -> "Changed":
        return cls(
            context=context,
            object=name_of(after),
            namespace=namespace_of(after),
            changes=[Change.of(change) for change in differences(before, after)],
            warnings=list(warnings) or None,
        )
