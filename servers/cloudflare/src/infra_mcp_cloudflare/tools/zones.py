"""Zones: which there are, and what they are."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_cloudflare.answers.zones import ZoneDetails, ZoneId, Zones
from infra_mcp_cloudflare.tools.parameters import Api, Offset, ZoneName
from infra_mcp_common.tool_calls.declaration import tool

Status = Literal["initializing", "pending", "active", "moved"]


@tool("read")
async def list_zones(
    api: Api,
    name_contains: Annotated[str | None, Field(description="Only zones with this in their name")] = None,
    status: Annotated[Status | None, Field(description="Only zones in this state")] = None,
    offset: Offset = 0,
    limit: Annotated[int, Field(ge=1, le=50, description="How many at most")] = 50,
) -> Zones:
    """List the zones (domains) that the token sees."""
    zones, total = await api.zones.list_window(offset, limit, name_contains=name_contains, status=status)
    return Zones.of(zones, total, offset, rate_limit=api.rate_limit.warning)


@tool("read")
async def get_zone_id(api: Api, zone: ZoneName) -> ZoneId:
    """Look up the id of a zone by its name."""
    found = await api.zones.named(zone)
    return ZoneId.of(found, rate_limit=api.rate_limit.warning)


@tool("read")
async def get_zone(api: Api, zone: ZoneName) -> ZoneDetails:
    """Show a zone: state, plan, name servers, dates."""
    found = await api.zones.named(zone)
    return ZoneDetails.of(await api.zones.get(found.id), rate_limit=api.rate_limit.warning)
