"""Changes that survive a lost answer: what can be repeated is repeated, what can't is looked for first."""

from infra_mcp_cloudflare.domain import values
from infra_mcp_cloudflare.domain.changes import difference
from infra_mcp_cloudflare.domain.plan import Operations, Update
from infra_mcp_cloudflare.domain.record import DnsRecord, RecordBody, RecordChanges
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_cloudflare.transport.api_errors import DUPLICATE, NO_RECORD, codes_of
from infra_mcp_common.errors import Conflict, NotFound
from infra_mcp_common.io.http import AnswerLost


async def create(api: CloudflareApi, zone: Zone, body: RecordBody) -> DnsRecord:
    """Add a record once: after a lost answer it is looked for before it is sent again."""
    try:
        return await api.records.create(zone, body)
    except AnswerLost:
        return await find_same(api, zone, body) or await _create_again(api, zone, body)


async def _create_again(api: CloudflareApi, zone: Zone, body: RecordBody) -> DnsRecord:
    try:
        return await api.records.create(zone, body)
    except Conflict as error:
        # The first request was slower than our looking.
        found = await find_same(api, zone, body) if codes_of(error) & DUPLICATE else None
        if found is None:
            raise
        return found


async def patch(api: CloudflareApi, zone: Zone, record_id: str, changes: RecordChanges) -> DnsRecord:
    """Change a record; the values are absolute, so a repeat after a lost answer does no harm."""
    try:
        return await api.records.patch(zone, record_id, changes)
    except AnswerLost:
        return await api.records.patch(zone, record_id, changes)


async def delete(api: CloudflareApi, zone: Zone, record_id: str) -> None:
    """Remove a record; that it is gone when asked again means that it was done."""
    try:
        await api.records.delete(zone, record_id)
    except AnswerLost:
        try:
            await api.records.delete(zone, record_id)
        except NotFound as error:
            if not codes_of(error) & NO_RECORD:
                raise


async def batch(api: CloudflareApi, zone: Zone, operations: Operations) -> None:
    """Carry out a batch once: after a lost answer the zone is read before the batch is sent again."""
    try:
        await api.records.batch(zone, operations)
    except AnswerLost:
        if not _is_done(operations, await api.records.list_all(zone)):
            await api.records.batch(zone, operations)


async def find_same(api: CloudflareApi, zone: Zone, body: RecordBody) -> DnsRecord | None:
    """The record with this type, name and value, if it is there."""
    wanted = values.key(body)
    records = await api.records.list_all(zone, name=body.name, type=body.type)
    return next((record for record in records if values.key(record) == wanted), None)


def _is_done(operations: Operations, present: list[DnsRecord]) -> bool:
    """Whether the zone is as the batch leaves it; a batch is all or nothing."""
    by_id = {record.id: record for record in present}
    keys = {values.key(record) for record in present}
    return (
        not any(record.id in by_id for record in operations.deletes)
        and all(values.key(body) in keys for body in operations.creates)
        and all(_is_patched(by_id.get(update.before.id), update) for update in operations.updates)
    )


def _is_patched(record: DnsRecord | None, update: Update) -> bool:
    return record is not None and not difference(record, update.changes).as_json()
