"""Copies of a zone, and the way back to one."""

from collections import Counter
from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.records import Applied, Snapshot
from infra_mcp_cloudflare.safety import planning, plans
from infra_mcp_cloudflare.tools.parameters import Api, Plan, ZoneName
from infra_mcp_cloudflare.transport import snapshots
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool

SnapshotId = Annotated[str, Field(description="The snapshot that snapshot_zone answered with")]


@tool("read", timeout=120)
async def snapshot_zone(api: Api, zone: ZoneName) -> Snapshot:
    """Keep a copy of all DNS records of a zone on this machine, to go back to with restore_zone."""
    found = await api.zone(zone)
    records = await api.all_records(found)
    snapshot, file = snapshots.save(found.name, records)
    by_type = dict(sorted(Counter(record["type"] for record in records).items()))
    return Snapshot(zone=found.name, snapshot=snapshot, records=len(records), by_type=by_type, file=str(file))


async def preview_restore(api: Api, zone: ZoneName, snapshot: SnapshotId) -> Preview:
    found = await api.zone(zone)
    return plans.preview(found, await planning.restored(api, found, snapshot), "Restore")


@tool("destructive", timeout=600, preview=preview_restore)
async def restore_zone(api: Api, zone: ZoneName, snapshot: SnapshotId, plan: Plan = None) -> Applied:
    """Make a zone's DNS records be as they were at a snapshot: a plan first, then only what differs."""
    found = await api.zone(zone)
    made = await planning.restored(api, found, snapshot)
    plans.check_plan(made, plan)
    return await plans.carry_out(api, found, made)
