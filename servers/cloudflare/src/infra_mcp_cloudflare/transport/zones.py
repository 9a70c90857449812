"""Zones: found by name or id, and listed."""

import time

from infra_mcp_cloudflare.domain import names
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.transport import pages
from infra_mcp_cloudflare.transport.api_errors import Action
from infra_mcp_cloudflare.transport.client import Client, Params
from infra_mcp_cloudflare.transport.envelope import Reply
from infra_mcp_cloudflare.transport.parsing import zone_of
from infra_mcp_common.errors import Conflict, Failed, NotFound, Refused
from infra_mcp_common.io.http import path
from infra_mcp_common.tool_calls import call_context

READ = "Zone > Zone > Read"
SMALLEST_PAGE, ZONES_A_PAGE = 5, 50
CACHE_SECONDS = 300
_LIST = Action("listing zones", READ)


class Zones:
    """The zones that the token sees. Those that a call names are remembered for a short while."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._cached: dict[str, tuple[Zone, float]] = {}

    async def named(self, given: str) -> Zone:
        """The zone of this name or id, as a target of the call; NotFound, or Conflict where accounts share the name."""
        if names.is_id(given):
            zone_id = given.strip().lower()
            return self._target(self._from_cache(zone_id) or await self.get(zone_id))
        name = names.zone_name(given)
        call_context.check_target(name)
        return self._target(self._from_cache(name) or await self._find(name))

    async def get(self, zone_id: str) -> Zone:
        """The zone with this id, as it is now."""
        reply = await self._client.get(path("zones", zone_id), Action("reading the zone", READ))
        return zone_of(reply.item)

    async def list_window(
        self, offset: int, limit: int, *, name_contains: str | None = None, status: str | None = None
    ) -> tuple[list[Zone], int]:
        """The zones from `offset`, at most `limit`, by name; and how many there are."""
        filters = {"name": f"contains:{name_contains}" if name_contains else None, "status": status}
        given = {key: value for key, value in filters.items() if value}
        found, total = await pages.window(
            lambda number, size: self._page(number, size, given), offset, limit, SMALLEST_PAGE
        )
        return [zone_of(each) for each in found], total

    async def list_all(self) -> list[Zone]:
        """Every zone that the token sees."""
        endless = Failed("Cloudflare's list of zones does not end.", "Name the zone that is meant.")
        found, _ = await pages.every(lambda number, size: self._page(number, size, {}), ZONES_A_PAGE, endless)
        return [zone_of(each) for each in found]

    async def _find(self, name: str) -> Zone:
        found = [zone_of(each) for each in (await self._page(1, ZONES_A_PAGE, {"name": name})).items]
        if not found:
            raise NotFound(
                f"The token sees no zone {name}.",
                "Check the name with list_zones; a token limited to other zones does not see it either.",
            )
        if len(found) > 1:
            owners = "; ".join(f"{zone.id} of {zone.account or '?'}" for zone in found)
            raise Conflict(f"Several accounts have a zone {name}.", f"Give its id instead: {owners}.")
        return found[0]

    async def _page(self, number: int, size: int, filters: dict[str, str]) -> Reply:
        params: Params = {**filters, "page": number, "per_page": size, "order": "name", "direction": "asc"}
        return await self._client.get(path("zones"), _LIST, params)

    def _target(self, zone: Zone) -> Zone:
        call_context.check_target(zone.name)
        if self._from_cache(zone.id) is None:
            until = time.monotonic() + CACHE_SECONDS
            self._cached |= {zone.id: (zone, until), zone.name: (zone, until)}
        return zone

    def _from_cache(self, key: str) -> Zone | None:
        """What was learnt of this name or id a short while ago; a zone made anew has another id."""
        zone, until = self._cached.get(key, (None, 0.0))
        return zone if time.monotonic() < until else None


def is_allowed(zone: Zone) -> bool:
    """Whether the operator lets this zone be used; it is a target of the call then."""
    try:
        call_context.check_target(zone.name)
    except Refused:
        return False
    return True
