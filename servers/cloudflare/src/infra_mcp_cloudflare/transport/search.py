"""A search over all zones at once."""

import anyio

from infra_mcp_cloudflare.answers.records import FoundRecords, RecordRow
from infra_mcp_cloudflare.domain import names
from infra_mcp_cloudflare.transport.api import CloudflareApi, ZoneRef
from infra_mcp_cloudflare.transport.envelope import Json
from infra_mcp_common.errors import InfraError, Refused
from infra_mcp_common.tool_calls import call_context

_AT_ONCE = 8


async def everywhere(api: CloudflareApi, text: str, match: str, limit: int) -> FoundRecords:
    """The records whose name or content matches, one request for each zone, several zones at a time."""
    zones = await api.all_zones()
    usable = [ref for ref in map(_usable, zones) if ref]
    found: dict[str, list[Json]] = {}
    totals: dict[str, int] = {}
    filters = _filters(text, match)
    places = anyio.CapacityLimiter(_AT_ONCE)
    failures: list[InfraError] = []

    async def look(zone: ZoneRef) -> None:
        async with places:
            try:
                reply = await api.list_records(zone, 1, limit, filters)
            except InfraError as error:
                failures.append(error)
                return
            found[zone.id] = list(reply.result or [])
            totals[zone.id] = int(reply.info.get("total_count", 0))

    async with anyio.create_task_group() as group:
        for zone in usable:
            group.start_soon(look, zone)
    if failures:
        raise failures[0]
    rows = [RecordRow.of(record, zone.name) for zone in usable for record in found[zone.id]]
    return FoundRecords(
        records=rows[:limit],
        zones_searched=len(usable),
        zones_not_allowed=len(zones) - len(usable) or None,
        more=True if sum(totals.values()) > len(rows[:limit]) else None,
    )


def _filters(text: str, match: str) -> dict[str, str]:
    wanted = text.strip().removesuffix(".")
    if not wanted.isascii():
        wanted = names.host_name(wanted, "text")
    test = "" if match == "exact" else ".contains"
    return {"match": "any", f"name{test}": wanted, f"content{test}": wanted}


def _usable(zone: Json) -> ZoneRef | None:
    try:
        call_context.check_target(zone["name"])
    except Refused:
        return None
    return ZoneRef(zone["id"], zone["name"])
