"""Whether the token works, and what it may read."""

from collections.abc import AsyncIterator

from infra_mcp_cloudflare.transport.connection import connect
from infra_mcp_common.checks import Finding


async def token() -> AsyncIterator[Finding]:
    """The token is valid, sees zones, and may read what the tools read."""
    api = await connect()
    status = (await api.tokens.verify()).status
    rights = await api.tokens.rights()
    yield Finding("token", "ok" if status == "active" else "failed", f"status {status}")
    yield Finding("zones", "ok" if rights.zones_visible else "failed", f"{rights.zones_visible} visible")
    for permission, there in rights.permissions.items():
        fix = "" if there else f"Give the token the permission {permission}, if you want what it is for."
        yield Finding(permission, "ok" if there else "missing", "there" if there else "not there", fix)


async def zones() -> AsyncIterator[Finding]:
    """The token is active, and so is every zone that it sees."""
    api = await connect()
    status = (await api.tokens.verify()).status
    yield Finding("token", "ok" if status == "active" else "failed", f"status {status}")
    seen = await api.zones.list_all()
    for zone in seen:
        if zone.paused:
            yield Finding(zone.name, "degraded", "paused: Cloudflare answers for DNS only")
        elif zone.status != "active":
            yield Finding(zone.name, "degraded", f"status {zone.status}", "Check the name servers at the registrar.")
    yield Finding("zones", "ok" if seen else "unknown", f"{len(seen)} looked at")
