"""Events, grouped: what was said often is said once, with its count."""

from datetime import UTC, datetime, timedelta
from typing import Any

from infra_mcp_kubectl.answers.objects import EventGroup

Json = dict[str, Any]


def seen(event: Json) -> str:
    """When an event was last seen; the API has had several fields for that."""
    series = event.get("series") or {}
    candidates = (
        series.get("lastObservedTime"),
        event.get("lastTimestamp"),
        event.get("eventTime"),
        event.get("metadata", {}).get("creationTimestamp"),
    )
    return next((str(time) for time in candidates if time), "")


def about(event: Json) -> str:
    reference = event.get("involvedObject") or event.get("regarding") or {}
    return f"{str(reference.get('kind', '')).lower()}/{reference.get('name', '')}"


def count(event: Json) -> int:
    return int((event.get("series") or {}).get("count") or event.get("count") or 1)


def since(events: list[Json], minutes: int | None) -> list[Json]:
    """The events seen in the last so many minutes."""
    if minutes is None:
        return events
    oldest = datetime.now(UTC) - timedelta(minutes=minutes)
    return [event for event in events if _time(seen(event)) >= oldest]


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(UTC)


def group(events: list[Json]) -> list[EventGroup]:
    """Equal events of one object together; warnings first, then the newest."""
    groups: dict[tuple[str, ...], EventGroup] = {}
    for event in events:
        namespace = event.get("metadata", {}).get("namespace")
        message = str(event.get("message") or event.get("note") or "")
        key = (about(event), namespace or "", str(event.get("reason", "")), message)
        group_ = groups.setdefault(
            key,
            EventGroup(
                type=str(event.get("type", "Normal")),
                reason=key[2],
                object=key[0],
                namespace=namespace,
                message=message[:500],
                count=0,
            ),
        )
        group_.count += count(event)
        group_.last_seen = max(group_.last_seen or "", seen(event))
    newest = sorted(groups.values(), key=lambda g: g.last_seen or "", reverse=True)
    return sorted(newest, key=lambda g: g.type != "Warning")
