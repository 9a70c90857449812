"""Conditions that were waited for."""

from typing import Any

from pydantic import Field

from infra_mcp_kubectl.answers.base import Answer, short
from infra_mcp_kubectl.domain.conditions import WaitOutcome
from infra_mcp_kubectl.domain.objects import KubeObject


class Waited(Answer):
    met: bool
    said: str
    state: list[Any] | None = Field(default=None, description="Status of the object, where the condition was not met")

    @classmethod
    def of(cls, context: str, outcome: WaitOutcome, objects: list[KubeObject]) -> "Waited":
        """objects: what there is where the condition was not met."""
        state = None if outcome.met else [short(item.get("status")) for item in objects]
        return cls(context=context, met=outcome.met, said=outcome.said, state=state)
