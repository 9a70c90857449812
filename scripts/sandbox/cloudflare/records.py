"""Create, read, change and remove DNS records."""

from typing import Any

from sandbox.cloudflare import coexistence
from sandbox.cloudflare.errors import ApiError, invalid
from sandbox.cloudflare.record_rules import normalised
from sandbox.cloudflare.state import Json, Zone, new_id, now

_WRITABLE = ("name", "type", "content", "data", "priority", "ttl", "proxied", "comment", "tags", "settings")


def get(zone: Zone, record_id: str) -> Json:
    """The record with this id."""
    if record_id not in zone.records:
        raise ApiError(404, 81044, "Record does not exist.")
    return zone.records[record_id]


def create(zone: Zone, body: Any) -> Json:
    """Add a record."""
    record = normalised(zone, body)
    coexistence.check(zone, record)
    when = now()
    stored: Json = {"id": new_id()} | record | {"meta": {}, "created_on": when, "modified_on": when}
    zone.records[stored["id"]] = stored
    return stored


def patch(zone: Zone, record_id: str, body: Any) -> Json:
    """Change what `body` names and keep the rest."""
    old = get(zone, record_id)
    if not isinstance(body, dict) or not body:
        raise invalid(9207, "Request body is invalid.")
    kept = {key: old[key] for key in _WRITABLE if key in old}
    if "data" in kept:
        # A content, and for SRV a priority, that only mirror `data` must not contradict a new `data`.
        del kept["content"]
        if kept["type"] == "SRV":
            del kept["priority"]
    if body.get("type", old["type"]) != old["type"]:
        kept.pop("data", None)
    return _replace(zone, old, kept | body)


def put(zone: Zone, record_id: str, body: Any) -> Json:
    """Replace the record; what `body` does not name is lost."""
    return _replace(zone, get(zone, record_id), body)


def _replace(zone: Zone, old: Json, body: Any) -> Json:
    record = normalised(zone, body)
    coexistence.check(zone, record, replacing=old["id"])
    new: Json = (
        {"id": old["id"]} | record | {"meta": old["meta"], "created_on": old["created_on"], "modified_on": now()}
    )
    zone.records[old["id"]] = new
    return new


def delete(zone: Zone, record_id: str) -> Json:
    """Remove a record and return what it was."""
    get(zone, record_id)
    return zone.records.pop(record_id)
