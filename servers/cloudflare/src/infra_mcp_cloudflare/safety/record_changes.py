"""Changes of single records, step by step: look, check, protect, send once."""

from infra_mcp_cloudflare.answers.records import Record
from infra_mcp_cloudflare.domain import changes, coexistence, normalization, values
from infra_mcp_cloudflare.domain.record import DnsRecord, RecordBody, RecordChanges, Upsert
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.transport import record_writes
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_cloudflare.transport.record_lookup import one_record
from infra_mcp_common.errors import Conflict
from infra_mcp_common.tool_calls.confirmation import Preview

_MOST_NAMED = 20


async def create(api: CloudflareApi, zone: Zone, given: RecordBody) -> DnsRecord:
    """Add a record; Conflict where it is there already, or can't stand beside what is."""
    body = normalization.body_of(given, zone.name).without_empty()
    protection.check_change(zone.name, body)
    there = await api.records.list_all(zone, name=body.name)
    same = _same(body, there)
    if same:
        raise Conflict(
            f"{body.type} {body.name} with this value is there already, as {same[0].id}.",
            "Change it with update_dns_record, or give another value.",
        )
    coexistence.check(body, there, zone.name)
    return await record_writes.create(api, zone, body)


async def update(api: CloudflareApi, zone: Zone, before: DnsRecord, wanted: RecordChanges) -> Upsert:
    """Send what differs."""
    protection.check_change(zone.name, before)
    change = changes.difference(before, changes.checked(before, wanted, zone.name))
    if not change.as_json():
        return Upsert("unchanged", after=before)
    after = before.with_fields(change)
    protection.check_change(zone.name, after)
    if change.name is not None or change.content is not None:
        there = await api.records.list_all(zone, name=after.name)
        coexistence.check(after, [record for record in there if record.id != before.id], zone.name)
    after = await record_writes.patch(api, zone, before.id, change)
    return Upsert("updated", after=after, before=before, changed=tuple(sorted(change.as_json())))


async def upsert(api: CloudflareApi, zone: Zone, given: RecordBody, current_content: str | None) -> Upsert:
    """Create, update or leave alone."""
    body = normalization.body_of(given, zone.name)
    protection.check_change(zone.name, body)
    there = await api.records.list_all(zone, name=body.name, type=body.type)
    meant = _meant(body, there, current_content)
    if meant is None:
        return Upsert("created", after=await create(api, zone, given))
    return await update(api, zone, meant, given.changes())


async def to_delete(
    api: CloudflareApi, zone: Zone, record: str, record_type: str | None, content: str | None
) -> DnsRecord:
    """The record that a delete means, if it may be deleted."""
    found = await one_record(api, zone, record, record_type, content)
    protection.check_change(zone.name, found)
    return found


def preview_delete(zone: Zone, record: DnsRecord) -> Preview:
    """What a delete answers without `confirmed`; confirmed, it deletes this very record."""
    return Preview(
        would=f"Delete {record.type} {record.name} from {zone.name}",
        now=Record.of(record).model_dump(mode="json"),
        confirm_with={"confirmed": True, "record": record.id},
    )


async def delete(api: CloudflareApi, zone: Zone, record: DnsRecord) -> None:
    """Remove the record."""
    protection.check_change(zone.name, record)
    await record_writes.delete(api, zone, record.id)


def _meant(body: RecordBody, there: list[DnsRecord], current_content: str | None) -> DnsRecord | None:
    """The record that an upsert changes, None where there is none; Conflict where it is not clear which."""
    meant = _same(body, there) or [
        record for record in there if current_content is None or values.has_content(record, current_content)
    ]
    if len(meant) > 1 or (current_content is not None and not meant):
        listed = "\n".join(f"{record.id} {record.content[:80]}" for record in there[:_MOST_NAMED])
        raise Conflict(
            f"{body.name} has {len(there)} {body.type} records, and it is not clear which is meant.",
            "Say which by current_content, or add one more with create_dns_record.",
            said=listed,
        )
    return meant[0] if meant else None


def _same(body: RecordBody, there: list[DnsRecord]) -> list[DnsRecord]:
    wanted = values.key(body)
    return [record for record in there if values.key(record) == wanted]
