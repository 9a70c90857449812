"""Events."""

from pydantic import Field

from infra_mcp_common.results import Page, Result, page
from infra_mcp_kubectl.answers.base import Answer, fitting
from infra_mcp_kubectl.domain.events import EventSeries


class EventGroup(Result):
    """Equal events of one object."""

    type: str
    reason: str
    object: str
    namespace: str | None = None
    message: str
    count: int
    last_seen: str | None = Field(default=None, description="ISO 8601, UTC")

    @classmethod
    def of(cls, series: EventSeries) -> "EventGroup":
        return cls(
            type=series.type,
            reason=series.reason,
            object=series.object,
            namespace=series.namespace,
            message=series.message,
            count=series.count,
            last_seen=series.last_seen,
        )


class Events(Answer):
    namespace: str | None = None
    events: list[EventGroup]
    page: Page
    note: str | None = None

    @classmethod
    def of(cls, context: str, namespace: str | None, found: list[EventSeries], offset: int, limit: int) -> "Events":
        told = [EventGroup.of(series) for series in found]
        part, where = page(told, offset, max(1, fitting(told[offset : offset + limit])))
        note = None if found else "There are no such events; a cluster forgets them after an hour or so."
        return cls(context=context, namespace=namespace, events=part, page=where, note=note)
