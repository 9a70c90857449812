"""A search over all zones at once."""

import anyio

from infra_mcp_cloudflare.domain import names
from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.domain.search import SearchResult
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_cloudflare.transport.zones import is_allowed
from infra_mcp_common.errors import InfraError

_AT_ONCE = 8


async def search_zones(api: CloudflareApi, text: str, limit: int, *, exact: bool) -> SearchResult:
    """The records whose name or content matches, one request for each zone, several zones at a time."""
    zones = await api.zones.list_all()
    allowed = [zone for zone in zones if is_allowed(zone)]
    found = await _search_each(api, allowed, _searched(text), limit, exact=exact)
    records = [(zone, record) for zone in allowed for record in found[zone.id][0]][:limit]
    return SearchResult(
        records=tuple(records),
        zones_searched=len(allowed),
        zones_not_allowed=len(zones) - len(allowed),
        more=sum(total for _, total in found.values()) > len(records),
    )


async def _search_each(
    api: CloudflareApi, zones: list[Zone], text: str, limit: int, *, exact: bool
) -> dict[str, tuple[list[DnsRecord], int]]:
    found: dict[str, tuple[list[DnsRecord], int]] = {}
    failures: list[InfraError] = []
    limiter = anyio.CapacityLimiter(_AT_ONCE)

    async def search(zone: Zone) -> None:
        async with limiter:
            try:
                found[zone.id] = await api.records.search(zone, text, limit, exact=exact)
            except InfraError as error:
                failures.append(error)

    async with anyio.create_task_group() as group:
        for zone in zones:
            group.start_soon(search, zone)
    if failures:
        raise failures[0]
    return found


def _searched(text: str) -> str:
    wanted = text.strip().removesuffix(".")
    return wanted if wanted.isascii() else names.host_name(wanted, "text")
