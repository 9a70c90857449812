"""Events, grouped: what was said often is said once, with its count."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from infra_mcp_kubectl.domain.objects import KubeObject

_LONGEST = 500


@dataclass(frozen=True)
class EventSeries:
    """Equal events of one object. last_seen: ISO 8601, UTC."""

    type: str
    reason: str
    object: str
    namespace: str | None
    message: str
    count: int
    last_seen: str


def last_seen(event: KubeObject) -> str:
    """When an event was last seen; the API has had several fields for that."""
    candidates = (
        (event.get("series") or {}).get("lastObservedTime"),
        event.get("lastTimestamp"),
        event.get("eventTime"),
        event.get("metadata", {}).get("creationTimestamp"),
    )
    return next((str(time) for time in candidates if time), "")


def involved_object(event: KubeObject) -> str:
    """What an event is about, as pod/web-1."""
    reference = event.get("involvedObject") or event.get("regarding") or {}
    return f"{str(reference.get('kind', '')).lower()}/{reference.get('name', '')}"


def message_of(event: KubeObject) -> str:
    return str(event.get("message") or event.get("note") or "")


def since(events: list[KubeObject], minutes: int | None) -> list[KubeObject]:
    """The events seen in the last so many minutes."""
    if minutes is None:
        return events
    oldest = datetime.now(UTC) - timedelta(minutes=minutes)
    return [event for event in events if _time(last_seen(event)) >= oldest]


def group(events: Iterable[KubeObject]) -> list[EventSeries]:
    """Equal events of one object together; warnings first, then the newest."""
    groups: dict[tuple[str, ...], EventSeries] = {}
    for event in events:
        single = _single(event)
        key = (single.object, single.namespace or "", single.reason, message_of(event))
        groups[key] = _joined(groups[key], single) if key in groups else single
    newest = sorted(groups.values(), key=lambda each: each.last_seen, reverse=True)
    return sorted(newest, key=lambda each: each.type != "Warning")


def _single(event: KubeObject) -> EventSeries:
    return EventSeries(
        type=str(event.get("type", "Normal")),
        reason=str(event.get("reason", "")),
        object=involved_object(event),
        namespace=event.get("metadata", {}).get("namespace"),
        message=message_of(event)[:_LONGEST],
        count=int((event.get("series") or {}).get("count") or event.get("count") or 1),
        last_seen=last_seen(event),
    )


def _joined(first: EventSeries, other: EventSeries) -> EventSeries:
    return replace(first, count=first.count + other.count, last_seen=max(first.last_seen, other.last_seen))


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(UTC)
