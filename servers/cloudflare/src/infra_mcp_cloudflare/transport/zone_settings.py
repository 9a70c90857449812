"""What a zone has besides its records: settings, DNSSEC, cache."""

from infra_mcp_cloudflare.domain.purge import Purge
from infra_mcp_cloudflare.domain.zone import Dnssec, Zone, ZoneSetting
from infra_mcp_cloudflare.transport.api_errors import Action
from infra_mcp_cloudflare.transport.client import Client
from infra_mcp_cloudflare.transport.parsing import dnssec_of, setting_of
from infra_mcp_common.io.http import path

READ, EDIT, PURGE = "Zone > Zone Settings > Read", "Zone > Zone Settings > Edit", "Zone > Cache Purge > Purge"
_READ_DNS = "Zone > DNS > Read"


class ZoneSettings:
    """Settings, DNSSEC and cache of every zone that the token sees."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def list_all(self, zone: Zone) -> list[ZoneSetting]:
        """All settings of the zone."""
        action = Action(f"reading settings in {zone.name}", READ)
        return [setting_of(each) for each in (await self._client.get(_path(zone, "settings"), action)).items]

    async def get(self, zone: Zone, name: str) -> ZoneSetting:
        """One setting of the zone."""
        action = Action(f"reading the setting in {zone.name}", READ)
        return setting_of((await self._client.get(_path(zone, "settings", name), action)).item)

    async def update(self, zone: Zone, name: str, value: object) -> ZoneSetting:
        """Change one setting."""
        action = Action(f"changing the setting in {zone.name}", EDIT)
        body = {"id": name, "value": value}
        return setting_of(await self._client.change("PATCH", _path(zone, "settings", name), action, body))

    async def get_dnssec(self, zone: Zone) -> Dnssec:
        """State of DNSSEC and the DS record for the registrar."""
        action = Action(f"reading DNSSEC in {zone.name}", _READ_DNS)
        return dnssec_of((await self._client.get(_path(zone, "dnssec"), action)).item)

    async def purge_cache(self, zone: Zone, purge: Purge) -> None:
        """Purge everything or the named things from the cache."""
        action = Action(f"purging the cache in {zone.name}", PURGE)
        body = {purge.kind: list(purge.names)} if purge.names else {"purge_everything": True}
        await self._client.change("POST", _path(zone, "purge_cache"), action, body, "destructive")


def _path(zone: Zone, *rest: str) -> str:
    return path("zones", zone.id, *rest)
