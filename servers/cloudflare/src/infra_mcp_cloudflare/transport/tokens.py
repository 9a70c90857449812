"""The token itself, and what it may read."""

from collections.abc import Awaitable
from typing import TypeVar

from infra_mcp_cloudflare.domain.record import RecordFilter
from infra_mcp_cloudflare.domain.token import Token, TokenRights
from infra_mcp_cloudflare.transport import records, zone_settings, zones
from infra_mcp_cloudflare.transport.api_errors import Action
from infra_mcp_cloudflare.transport.client import Client
from infra_mcp_cloudflare.transport.parsing import token_of
from infra_mcp_cloudflare.transport.records import Records
from infra_mcp_cloudflare.transport.zone_settings import ZoneSettings
from infra_mcp_cloudflare.transport.zones import Zones
from infra_mcp_common.errors import Denied
from infra_mcp_common.io.http import path

_T = TypeVar("_T")


class Tokens:
    """The token that this server has. account: that owns it, where no user does."""

    def __init__(self, client: Client, account: str) -> None:
        self._client, self._account = client, account

    async def verify(self) -> Token:
        """Id, status and expiry of the token."""
        owner = ("accounts", self._account) if self._account else ("user",)
        reply = await self._client.get(path(*owner, "tokens", "verify"), Action("verifying the token", "none"))
        return token_of(reply.item)

    async def rights(self) -> TokenRights:
        """Its rights to read, tried on the first zone that the operator lets be used."""
        listed = await _unless_denied(Zones(self._client).list_window(0, zones.SMALLEST_PAGE))
        visible, total = listed or ([], 0)
        permissions = {zones.READ: listed is not None}
        zone = next(filter(zones.is_allowed, visible), None)
        if zone:
            window = Records(self._client).list_window(zone, RecordFilter(), 0, 1)
            permissions[records.READ] = await _unless_denied(window) is not None
            settings = ZoneSettings(self._client).list_all(zone)
            permissions[zone_settings.READ] = await _unless_denied(settings) is not None
        return TokenRights(zones_visible=total, tried_on=zone.name if zone else None, permissions=permissions)


async def _unless_denied(request: Awaitable[_T]) -> _T | None:
    try:
        return await request
    except Denied:
        return None
