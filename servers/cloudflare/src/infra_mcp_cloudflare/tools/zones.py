"""Zones: which there are, and what they are."""

from typing import Annotated, Any, Literal

from pydantic import Field

from infra_mcp_cloudflare.answers.records import ZoneDetails, ZoneId, ZoneRow, Zones
from infra_mcp_cloudflare.tools.parameters import Api, Offset, ZoneName
from infra_mcp_cloudflare.transport.pages import window
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
    filters = {"name": f"contains:{name_contains}" if name_contains else None, "status": status}
    given = {key: value for key, value in filters.items() if value}
    zones, page = await window(lambda number, size: api.list_zones(number, size, given), offset, limit, 5)
    return Zones(zones=[ZoneRow(**_row(zone)) for zone in zones], page=page)


@tool("read")
async def get_zone_id(api: Api, zone: ZoneName) -> ZoneId:
    """Look up the id of a zone by its name."""
    found = await api.zone(zone)
    return ZoneId(id=found.id, name=found.name)


@tool("read")
async def get_zone(api: Api, zone: ZoneName) -> ZoneDetails:
    """Show a zone: state, plan, name servers, dates."""
    found = await api.zone(zone)
    raw = await api.get_zone(found.id)
    known = ("paused", "type", "original_name_servers", "created_on", "activated_on")
    rest = {key: raw.get(key) for key in known}
    return ZoneDetails.model_validate({**_row(raw), **rest, "name_servers": raw.get("name_servers") or []})


def _row(zone: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: zone[key] for key in ("id", "name", "status")},
        "plan": (zone.get("plan") or {}).get("name"),
        "account": (zone.get("account") or {}).get("name"),
    }
