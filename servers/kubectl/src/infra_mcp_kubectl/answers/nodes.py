"""Load, and nodes that are taken out of service."""

from pydantic import Field

from infra_mcp_common.results import Page
from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.domain.drains import DrainPlan

_LONGEST = 2000


class Usage(Answer):
    columns: list[str]
    rows: list[list[str]]
    page: Page


class Drained(Answer):
    node: str
    evicted: list[str]
    kept: list[str] | None = Field(default=None, description="Pods that are still there, and why")
    error: str | None = None

    def failed(self) -> bool:
        return self.error is not None

    @classmethod
    def of(cls, context: str, node: str, before: DrainPlan, after: DrainPlan, complaint: str) -> "Drained":
        return cls(
            context=context,
            node=node,
            evicted=[pod for pod in before.evicted if pod not in after.evicted],
            kept=after.evicted or None,
            error=complaint[:_LONGEST] or None,
        )
