"""Many record operations in one transaction: deletes, patches, puts, posts, in this order, all or none."""

from typing import Any

from sandbox.cloudflare import records
from sandbox.cloudflare.errors import invalid
from sandbox.cloudflare.state import Json, Zone

_ORDER = ("deletes", "patches", "puts", "posts")


def run(zone: Zone, body: Any) -> Json:
    """Do all of it, or raise and leave the zone as it was."""
    if (
        not isinstance(body, dict)
        or not body.keys() <= set(_ORDER)
        or not all(isinstance(v, list) for v in body.values())
    ):
        raise invalid(9207, "Request body is invalid.")
    if sum(len(operations) for operations in body.values()) > zone.batch_limit:
        raise invalid(81063, f"A batch can have at most {zone.batch_limit} operations.")
    before = dict(zone.records)
    try:
        return {kind: [_one(zone, kind, operation) for operation in body.get(kind) or []] for kind in _ORDER}
    except Exception:
        zone.records.clear()
        zone.records.update(before)
        raise


def _one(zone: Zone, kind: str, operation: Any) -> Json:
    if not isinstance(operation, dict):
        raise invalid(9207, "Request body is invalid.")
    if kind == "posts":
        return records.create(zone, operation)
    fields = {key: value for key, value in operation.items() if key != "id"}
    record_id = str(operation.get("id", ""))
    if kind == "deletes":
        return records.delete(zone, record_id)
    return records.patch(zone, record_id, fields) if kind == "patches" else records.put(zone, record_id, fields)
