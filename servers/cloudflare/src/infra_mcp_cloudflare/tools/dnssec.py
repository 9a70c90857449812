"""DNSSEC of a zone."""

from infra_mcp_cloudflare.answers.zone_settings import Dnssec
from infra_mcp_cloudflare.tools.parameters import Api, ZoneName
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def get_dnssec(api: Api, zone: ZoneName) -> Dnssec:
    """Show the state of DNSSEC and the DS record for the registrar."""
    found = await api.zones.named(zone)
    return Dnssec.of(found, await api.settings.get_dnssec(found), rate_limit=api.rate_limit.warning)
