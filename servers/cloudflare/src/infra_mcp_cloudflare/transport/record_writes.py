"""Single changes that survive a lost answer: what can be repeated is repeated, what can't is looked for first."""

from typing import Any

from infra_mcp_cloudflare.domain import values
from infra_mcp_cloudflare.transport.api import CloudflareApi, ZoneRef
from infra_mcp_cloudflare.transport.envelope import DUPLICATE, NO_RECORD, Json
from infra_mcp_common.errors import Conflict, InfraError, NotFound
from infra_mcp_common.io.http import AnswerLost


async def create(api: CloudflareApi, zone: ZoneRef, body: Json) -> Json:
    """Add a record once: after a lost answer it is looked for before it is sent again."""
    try:
        return await api.create_record(zone, body)
    except AnswerLost:
        return await find_same(api, zone, body) or await _create_again(api, zone, body)


async def _create_again(api: CloudflareApi, zone: ZoneRef, body: Json) -> Json:
    try:
        return await api.create_record(zone, body)
    except Conflict as error:
        # The first request was slower than our looking.
        found = await find_same(api, zone, body) if _codes(error) & DUPLICATE else None
        if found is None:
            raise
        return found


async def patch(api: CloudflareApi, zone: ZoneRef, record_id: str, changes: Json) -> Json:
    """Change a record; the values are absolute, so a repeat after a lost answer does no harm."""
    try:
        return await api.patch_record(zone, record_id, changes)
    except AnswerLost:
        return await api.patch_record(zone, record_id, changes)


async def delete(api: CloudflareApi, zone: ZoneRef, record_id: str) -> None:
    """Remove a record; that it is gone when asked again means that it was done."""
    try:
        await api.delete_record(zone, record_id)
    except AnswerLost:
        try:
            await api.delete_record(zone, record_id)
        except NotFound as error:
            if not _codes(error) & NO_RECORD:
                raise


async def find_same(api: CloudflareApi, zone: ZoneRef, body: Json) -> Json | None:
    """The record with this type, name and value, if it is there."""
    wanted = values.key(body)
    records = await api.all_records(zone, name=body["name"], type=body["type"])
    return next((record for record in records if values.key(record) == wanted), None)


def _codes(error: InfraError) -> set[Any]:
    codes: Any = error.facts.get("codes") or ()
    return set(codes)
