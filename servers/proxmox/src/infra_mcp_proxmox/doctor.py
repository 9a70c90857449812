"""What doctor looks at beyond the settings: does the API answer, and what may the token do."""

from collections.abc import AsyncIterator

from infra_mcp_common.checks import Finding
from infra_mcp_proxmox.domain.privileges import verdicts
from infra_mcp_proxmox.transport.connection import connect


async def api() -> AsyncIterator[Finding]:
    found = connect()
    yield Finding("api", "ok", f"Proxmox VE {await found.cluster.version()} at {found.client.host}")
    trust = found.client.trust
    if trust.insecure:
        yield Finding("certificate", "failed", f"verified by {trust.how()}", "Use PROXMOX_FINGERPRINT instead.")
    else:
        yield Finding("certificate", "ok", f"verified by {trust.how()}")


async def token_rights() -> AsyncIterator[Finding]:
    found = verdicts(await connect().cluster.permissions())
    works = [name for name, (where, _) in found.items() if where != "nowhere"]
    fix = "" if works else "Give the token a role, as PVEAuditor, on / or /vms: pveum acl modify."
    told = f"{len(works)} of {len(found)} tools allowed; whoami tells which"
    yield Finding("rights", "ok" if works else "failed", told, fix)


async def cluster() -> AsyncIterator[Finding]:
    """Nodes, quorum, storages, locks and failed tasks; what could not be looked at is told as that."""
    found = await connect().health()
    for problem in found.problems:
        yield Finding(problem.where, "failed" if problem.severity == "critical" else "degraded", problem.what)
    for unchecked in found.unchecked:
        yield Finding("not looked at", "unknown", unchecked)
    online = sum(node.online for node in found.resources.nodes)
    yield Finding("nodes", "ok", f"{online} of {len(found.resources.nodes)} online")
    counted = ", ".join(f"{count} {status}" for status, count in sorted(found.guests.items()))
    yield Finding("guests", "ok", counted or "none is visible")
