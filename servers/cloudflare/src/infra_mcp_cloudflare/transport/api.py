"""Cloudflare's API v4 as methods named by what they do; the only module with URL paths."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra_mcp_cloudflare.domain import names
from infra_mcp_cloudflare.transport.envelope import Json, Need, Reply, read
from infra_mcp_common.errors import Conflict, Failed, NotFound
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.http import Http, Method, path
from infra_mcp_common.tool_calls import call_context

_READ_ZONE, _READ_DNS, _EDIT_DNS = "Zone > Zone > Read", "Zone > DNS > Read", "Zone > DNS > Edit"
ZONES_A_PAGE = 50
RECORDS_A_PAGE = 1000
MOST_PAGES = 200
KNOWN_SECONDS = 300


@dataclass(frozen=True)
class ZoneRef:
    """A zone that exists and that the operator lets be used."""

    id: str
    name: str


@dataclass
class CloudflareApi:
    """One token's view of Cloudflare. Records and zones are dictionaries as the API has them."""

    http: Http
    account: str = ""
    _zones: dict[str, tuple[ZoneRef, float]] = field(default_factory=dict)

    async def zone(self, given: str) -> ZoneRef:
        """The zone of this name or id; NotFound, or Conflict where accounts share the name."""
        if names.is_id(given):
            zone_id = given.strip().lower()
            return self._aim(self._known(zone_id) or _ref(await self.get_zone(zone_id)))
        name = names.zone_name(given)
        call_context.check_target(name)
        return self._aim(self._known(name) or await self._zone_named(name))

    async def list_zones(self, page: int, size: int, filters: Mapping[str, str]) -> Reply:
        """A page of the zones that the token sees; `size` from 5 to 50."""
        need = Need("listing zones", _READ_ZONE)
        params = {**filters, "page": page, "per_page": size, "order": "name", "direction": "asc"}
        return await self._send("GET", path("zones"), need, params=params)

    async def all_zones(self) -> list[Json]:
        """Every zone that the token sees."""
        zones: list[Json] = []
        for number in range(1, MOST_PAGES + 1):
            reply = await self.list_zones(number, ZONES_A_PAGE, {})
            zones += reply.result or []
            if _is_last(reply, number, ZONES_A_PAGE):
                return zones
        raise Failed("Cloudflare's list of zones does not end.", "Name the zone that is meant.")

    async def get_zone(self, zone_id: str) -> Json:
        """The zone with this id."""
        return await self._get(path("zones", zone_id), Need("reading the zone", _READ_ZONE))

    async def list_records(self, zone: ZoneRef, page: int, size: int, filters: Mapping[str, Any]) -> Reply:
        """A page of the zone's records, by name."""
        params = {**filters, "page": page, "per_page": size, "order": "name", "direction": "asc"}
        return await self._send(
            "GET", path("zones", zone.id, "dns_records"), _in("listing records", zone), params=params
        )

    async def all_records(self, zone: ZoneRef, **filters: str) -> list[Json]:
        """Every record of the zone that passes the filters; the pages are bounded, and checked against the total."""
        records: dict[str, Json] = {}
        for number in range(1, MOST_PAGES + 1):
            reply = await self.list_records(zone, number, RECORDS_A_PAGE, filters)
            records |= {record["id"]: record for record in reply.result or []}
            if _is_last(reply, number, RECORDS_A_PAGE):
                _check_complete(records, reply)
                return list(records.values())
        raise Failed("Cloudflare's list of records does not end.", "Ask for fewer of them with a filter.")

    async def get_record(self, zone: ZoneRef, record_id: str) -> Json:
        """The record with this id."""
        return await self._get(path("zones", zone.id, "dns_records", record_id), _in("reading the record", zone))

    async def create_record(self, zone: ZoneRef, body: Json) -> Json:
        """Add a record. Not safe to repeat blindly: see `writes`."""
        need = _in("creating the record", zone, _EDIT_DNS)
        return await self._change("POST", path("zones", zone.id, "dns_records"), need, body)

    async def patch_record(self, zone: ZoneRef, record_id: str, changes: Json) -> Json:
        """Change what `changes` names and keep the rest."""
        need = _in("changing the record", zone, _EDIT_DNS)
        return await self._change("PATCH", path("zones", zone.id, "dns_records", record_id), need, changes)

    async def delete_record(self, zone: ZoneRef, record_id: str) -> None:
        """Remove a record."""
        need = _in("deleting the record", zone, _EDIT_DNS)
        await self._send("DELETE", path("zones", zone.id, "dns_records", record_id), need)

    async def batch(self, zone: ZoneRef, operations: Json) -> Json:
        """Deletes, patches and posts in one transaction, all or none."""
        need = _in("the batch of changes", zone, _EDIT_DNS)
        where = path("zones", zone.id, "dns_records", "batch")
        return await self._change(
            "POST", where, need, operations, "destructive" if operations.get("deletes") else "write"
        )

    async def export(self, zone: ZoneRef) -> str:
        """The zone as a BIND file."""
        answer = await self.http.request("GET", path("zones", zone.id, "dns_records", "export"))
        if answer.status == 200 and not answer.text.lstrip().startswith(("<", "{")):
            return answer.text
        read(answer, _in("exporting the zone", zone), changes=False)
        raise Failed("Cloudflare answered the export with something that is no zone file.", "Try again.")

    async def list_settings(self, zone: ZoneRef) -> list[Json]:
        """All settings of the zone."""
        need = _in("reading settings", zone, "Zone > Zone Settings > Read")
        reply = await self._send("GET", path("zones", zone.id, "settings"), need)
        return list(reply.result or [])

    async def get_setting(self, zone: ZoneRef, name: str) -> Json:
        """One setting of the zone."""
        need = _in("reading the setting", zone, "Zone > Zone Settings > Read")
        return await self._get(path("zones", zone.id, "settings", name), need)

    async def update_setting(self, zone: ZoneRef, name: str, value: Any) -> Json:
        """Change one setting."""
        need = _in("changing the setting", zone, "Zone > Zone Settings > Edit")
        return await self._change("PATCH", path("zones", zone.id, "settings", name), need, {"id": name, "value": value})

    async def get_dnssec(self, zone: ZoneRef) -> Json:
        """State of DNSSEC and the DS record for the registrar."""
        return await self._get(path("zones", zone.id, "dnssec"), _in("reading DNSSEC", zone))

    async def purge_cache(self, zone: ZoneRef, what: Json) -> None:
        """Purge everything or the named things from the cache."""
        need = _in("purging the cache", zone, "Zone > Cache Purge > Purge")
        await self._change("POST", path("zones", zone.id, "purge_cache"), need, what, "destructive")

    async def verify_token(self) -> Json:
        """Id, status and expiry of the token itself."""
        owner = ("accounts", self.account) if self.account else ("user",)
        return await self._get(path(*owner, "tokens", "verify"), Need("verifying the token", "none"))

    async def _zone_named(self, name: str) -> ZoneRef:
        found = (await self.list_zones(1, ZONES_A_PAGE, {"name": name})).result or []
        if not found:
            raise NotFound(
                f"The token sees no zone {name}.",
                "Check the name with list_zones; a token limited to other zones does not see it either.",
            )
        if len(found) > 1:
            owners = "; ".join(f"{zone['id']} of {zone.get('account', {}).get('name', '?')}" for zone in found)
            raise Conflict(f"Several accounts have a zone {name}.", f"Give its id instead: {owners}.")
        return _ref(found[0])

    def _aim(self, zone: ZoneRef) -> ZoneRef:
        call_context.check_target(zone.name)
        if self._known(zone.id) is None:
            until = time.monotonic() + KNOWN_SECONDS
            self._zones |= {zone.id: (zone, until), zone.name: (zone, until)}
        return zone

    def _known(self, key: str) -> ZoneRef | None:
        """What was learnt of this name or id a short while ago; a zone made anew has another id."""
        zone, until = self._zones.get(key, (None, 0.0))
        return zone if time.monotonic() < until else None

    async def _get(self, where: str, need: Need) -> Json:
        result: Json = (await self._send("GET", where, need)).result or {}
        return result

    async def _change(self, method: Method, where: str, need: Need, body: Json, kind: Kind = "write") -> Json:
        result: Json = (await self._send(method, where, need, json=body, kind=kind)).result or {}
        return result

    async def _send(self, method: Method, where: str, need: Need, **more: Any) -> Reply:
        return read(await self.http.request(method, where, **more), need, changes=method != "GET")


def _ref(zone: Json) -> ZoneRef:
    return ZoneRef(zone["id"], zone["name"])


def _in(deed: str, zone: ZoneRef, permission: str = _READ_DNS) -> Need:
    return Need(f"{deed} in {zone.name}", permission)


def _is_last(reply: Reply, number: int, size: int) -> bool:
    pages = reply.info.get("total_pages")
    return not reply.result or (number >= pages if pages is not None else len(reply.result) < size)


def _check_complete(records: Json, reply: Reply) -> None:
    total = reply.info.get("total_count", len(records))
    if total != len(records):
        raise Conflict(f"The zone changed while it was read: {len(records)} of {total} records seen.", "Try again.")
