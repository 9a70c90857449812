"""What the record tools do, step by step: look, check, protect, send once, and answer what is there afterwards."""

from typing import Any

from infra_mcp_cloudflare.answers.records import Record, UpsertedRecord
from infra_mcp_cloudflare.domain import changes, coexistence, names, validation, values
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.transport import record_writes
from infra_mcp_cloudflare.transport.api import CloudflareApi, ZoneRef
from infra_mcp_cloudflare.transport.envelope import Json
from infra_mcp_cloudflare.transport.record_lookup import is_content, one_record
from infra_mcp_common.errors import Conflict, InvalidInput

_VALUE = ("content", "data", "priority")


def filters(zone: str, given: Json) -> dict[str, str]:
    """The query that the API takes for these filters."""
    wanted = {key: value for key, value in given.items() if value is not None}
    if "name" in wanted:
        wanted["name"] = names.record_name(wanted["name"], zone)
    return {key: str(value).lower() if isinstance(value, bool) else value for key, value in wanted.items()}


async def create(api: CloudflareApi, zone: ZoneRef, given: Json) -> Json:
    """Add a record; Conflict where it is there already, or can't stand beside what is."""
    body = {"ttl": 1, **validation.body_of(given, zone.name)}
    protection.check_change(zone.name, body)
    there = await api.all_records(zone, name=body["name"])
    same = [record for record in there if values.key(record) == values.key(body)]
    if same:
        raise Conflict(
            f"{body['type']} {body['name']} with this value is there already, as {same[0]['id']}.",
            "Change it with update_dns_record, or give another value.",
        )
    _check_neighbours(zone, body, there)
    return await record_writes.create(api, zone, body)


async def update(api: CloudflareApi, zone: ZoneRef, before: Json, wanted: Json) -> tuple[list[str], Json]:
    """Send what differs; the names of what changed, and the record afterwards."""
    protection.check_change(zone.name, before)
    difference = changes.difference(before, _checked(zone, before, wanted))
    if not difference:
        return [], before
    after = {**before, **difference}
    protection.check_change(zone.name, after)
    if "name" in difference or "content" in difference:
        there = await api.all_records(zone, name=after["name"])
        _check_neighbours(zone, after, [record for record in there if record["id"] != before["id"]])
    return sorted(difference), await record_writes.patch(api, zone, before["id"], difference)


async def upsert(api: CloudflareApi, zone: ZoneRef, given: Json, current: str | None) -> UpsertedRecord:
    """Create, update or leave alone."""
    body = validation.body_of(given, zone.name)
    protection.check_change(zone.name, body)
    there = await api.all_records(zone, name=body["name"], type=body["type"])
    same = [record for record in there if values.key(record) == values.key(body)]
    meant = same or [record for record in there if current is None or is_content(record, current)]
    if len(meant) > 1 or (current is not None and not meant):
        listed = "\n".join(f"{record['id']} {record['content'][:80]}" for record in there[:20])
        raise Conflict(
            f"{body['name']} has {len(there)} {body['type']} records, and it is not clear which is meant.",
            "Say which by current_content, or add one more with create_dns_record.",
            said=listed,
        )
    if not meant:
        return UpsertedRecord(zone=zone.name, outcome="created", after=Record.of(await create(api, zone, given)))
    changed, after = await update(api, zone, meant[0], given)
    return UpsertedRecord(
        zone=zone.name,
        outcome="updated" if changed else "unchanged",
        changed=changed or None,
        before=Record.of(meant[0]) if changed else None,
        after=Record.of(after),
    )


async def to_delete(
    api: CloudflareApi, zone: ZoneRef, record: str, record_type: str | None, content: str | None
) -> Json:
    """The record that a delete means, if it may be deleted."""
    raw = await one_record(api, zone, record, record_type, content)
    protection.check_change(zone.name, raw)
    return raw


async def delete(api: CloudflareApi, zone: ZoneRef, raw: Json) -> None:
    """Remove the record."""
    await record_writes.delete(api, zone, raw["id"])


def _checked(zone: ZoneRef, before: Json, wanted: Json) -> Json:
    """The wanted fields in the API's form, checked together with what stays."""
    if not wanted:
        raise InvalidInput("Nothing to change was given.", "Give at least one of the fields of the record.")
    rest = {part: given for part, given in wanted.items() if part not in (*_VALUE, "type")}
    if "name" in rest:
        rest["name"] = names.record_name(rest["name"], zone.name)
    changed = {**rest, **_new_value(zone, before, wanted)}
    whole = {**before, **changed}
    if whole.get("proxied") and "ttl" not in rest:
        whole["ttl"] = 1
    validation.check_whole(whole)
    return changed


def _new_value(zone: ZoneRef, before: Json, wanted: Json) -> Json:
    """The value, whole, where any part of it is wanted otherwise: the fields not given stay."""
    value = {part: wanted[part] for part in _VALUE if part in wanted}
    if not value:
        return {}
    if "data" in before and "content" not in value:
        priority = {"priority": before["priority"]} if before.get("priority") is not None else {}
        own = {"priority": value["priority"]} if "priority" in value else {}
        given: Json = {"data": {**priority, **before["data"], **value.get("data", {}), **own}}
    else:
        given = {"content": before["content"], "priority": before.get("priority"), **value}
    return validation.value_of({"type": before["type"], **given}, zone.name)


def _check_neighbours(zone: ZoneRef, body: Json, there: list[Any]) -> None:
    clash = coexistence.conflicts(body, there, zone.name)
    if clash:
        raise Conflict(
            f"{body['type']} {body['name']} can't stand beside the {clash[0]['type']} record {clash[0]['id']} there.",
            "Change or delete that one, or replace it in one step with apply_dns_records.",
        )
