"""The whole cluster at a glance."""

from typing import Literal

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_proxmox.answers.nodes import Node
from infra_mcp_proxmox.domain.health import Health

_LISTED = 20


class Problem(Result):
    """Something that is not as it should be."""

    severity: Literal["critical", "warning"]
    what: str
    where: str


class Overview(Result):
    """The whole cluster at a glance."""

    healthy: bool = Field(description="Whether nothing critical was found among what could be looked at")
    problems: list[Problem]
    cluster: str | None = None
    quorate: bool | None = Field(default=None, description="Absent where the token may not know")
    nodes: list[Node]
    guests: dict[str, int] = Field(description="How many by status, templates apart")
    unchecked: list[str] = Field(description="What could not be looked at, and why")

    @classmethod
    def of(cls, health: Health) -> "Overview":
        shown = health.problems[:_LISTED]
        return cls(
            healthy=health.healthy,
            problems=[Problem(severity=each.severity, what=each.what, where=each.where) for each in shown],
            cluster=health.status.name,
            quorate=health.status.quorate,
            nodes=[Node.of(node) for node in health.resources.nodes],
            guests=dict(health.guests),
            unchecked=list(health.unchecked),
        )
