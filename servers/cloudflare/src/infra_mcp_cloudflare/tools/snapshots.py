"""Copies of a zone, and the way back to one."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.plans import Applied
from infra_mcp_cloudflare.answers.zone_files import Snapshot
from infra_mcp_cloudflare.domain.plan import Plan
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.safety import plans
from infra_mcp_cloudflare.tools import parameters as arg
from infra_mcp_cloudflare.transport import snapshots
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool

SnapshotId = Annotated[str, Field(description="The snapshot that snapshot_zone answered with")]


@tool("read", timeout=120)
async def snapshot_zone(api: arg.Api, zone: arg.ZoneName) -> Snapshot:
    """Keep a copy of all DNS records of a zone on this machine, to go back to with restore_zone."""
    found = await api.zones.named(zone)
    records = await api.records.list_all(found)
    snapshot, file = snapshots.save(found.name, records)
    return Snapshot.of(found, snapshot, file, records, rate_limit=api.rate_limit.warning)


async def preview_restore(api: arg.Api, zone: arg.ZoneName, snapshot: SnapshotId) -> Preview:
    found = await api.zones.named(zone)
    return plans.preview(found, await _plan(api, found, snapshot), "Restore")


@tool("destructive", timeout=600, preview=preview_restore)
async def restore_zone(api: arg.Api, zone: arg.ZoneName, snapshot: SnapshotId, plan: arg.ShownPlan = None) -> Applied:
    """Make a zone's DNS records be as they were at a snapshot: a plan first, then only what differs."""
    found = await api.zones.named(zone)
    made = await _plan(api, found, snapshot)
    plans.check_plan(made, plan)
    await plans.carry_out(api, found, made)
    return Applied.of(found, made, rate_limit=api.rate_limit.warning)


async def _plan(api: CloudflareApi, zone: Zone, snapshot: str) -> Plan:
    wanted = [record.to_restore() for record in snapshots.load(zone.name, snapshot)]
    return await plans.make(api, zone, wanted, "delete")
