"""Whether the token works, and what it may read; for doctor and for verify_token."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from infra_mcp_cloudflare.answers.records import TokenReport
from infra_mcp_cloudflare.transport.api import CloudflareApi, ZoneRef
from infra_mcp_cloudflare.transport.connection import connect
from infra_mcp_common.doctor import Finding
from infra_mcp_common.errors import Denied, Refused
from infra_mcp_common.tool_calls import call_context

_ZONES, _RECORDS, _SETTINGS = "Zone > Zone > Read", "Zone > DNS > Read", "Zone > Zone Settings > Read"


async def examine(api: CloudflareApi) -> TokenReport:
    """Verify the token and try its rights to read, on the first zone that the operator lets be used."""
    verified = await api.verify_token()
    reply = await _allowed(api.list_zones(1, 5, {}))
    rights = {_ZONES: reply is not None}
    zone = next((ref for ref in map(_usable, reply.result if reply else []) if ref), None)
    if zone:
        rights[_RECORDS] = await _allowed(api.list_records(zone, 1, 1, {})) is not None
        rights[_SETTINGS] = await _allowed(api.list_settings(zone)) is not None
    return TokenReport(
        status=verified.get("status", "unknown"),
        id=verified.get("id", ""),
        expires_on=verified.get("expires_on"),
        zones_visible=int(reply.info.get("total_count", 0)) if reply else 0,
        tried_on=zone.name if zone else None,
        rights=rights,
    )


async def token() -> AsyncIterator[Finding]:
    """The token is valid, sees zones, and may read what the tools read."""
    report = await examine(await connect())
    yield Finding("token", "ok" if report.status == "active" else "failed", f"status {report.status}")
    yield Finding("zones", "ok" if report.zones_visible else "failed", f"{report.zones_visible} visible")
    for right, there in report.rights.items():
        fix = "" if there else f"Give the token the permission {right}, if you want what it is for."
        yield Finding(right, "ok" if there else "missing", "there" if there else "not there", fix)


async def _allowed(request: Awaitable[Any]) -> Any:
    try:
        return await request
    except Denied:
        return None


def _usable(zone: dict[str, Any]) -> ZoneRef | None:
    try:
        call_context.check_target(zone["name"])
    except Refused:
        return None
    return ZoneRef(zone["id"], zone["name"])
