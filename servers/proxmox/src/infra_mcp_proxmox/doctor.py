"""What doctor looks at beyond the settings: does the API answer, and what may the token do."""

from collections.abc import AsyncIterator

from infra_mcp_common.doctor import Finding
from infra_mcp_proxmox.domain.privileges import NEEDS, verdict
from infra_mcp_proxmox.transport.connection import connect


async def api() -> AsyncIterator[Finding]:
    found = connect()
    version = await found.version()
    yield Finding("api", "ok", f"Proxmox VE {version.get('version')} at {found.client.host}")
    trust = found.client.trust
    if trust.insecure:
        yield Finding("certificate", "failed", f"verified by {trust.how()}", "Use PROXMOX_FINGERPRINT instead.")
    else:
        yield Finding("certificate", "ok", f"verified by {trust.how()}")


async def token_rights() -> AsyncIterator[Finding]:
    found = connect()
    permissions = await found.permissions()
    works = [name for name, needs in NEEDS.items() if verdict(permissions, needs)[0] != "nowhere"]
    fix = "" if works else "Give the token a role, as PVEAuditor, on / or /vms: pveum acl modify."
    told = f"{len(works)} of {len(NEEDS)} tools allowed; whoami tells which"
    yield Finding("rights", "ok" if works else "failed", told, fix)
