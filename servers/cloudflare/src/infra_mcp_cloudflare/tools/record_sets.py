"""A declared set of DNS records."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.plans import Applied
from infra_mcp_cloudflare.domain.normalization import declared_bodies
from infra_mcp_cloudflare.domain.plan import Plan
from infra_mcp_cloudflare.domain.planning import Others
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.safety import plans
from infra_mcp_cloudflare.tools import parameters as arg
from infra_mcp_cloudflare.tools.record_models import Declared
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool

Records = Annotated[list[Declared], Field(min_length=1, max_length=5000, description="The records as they should be")]
OthersLeft = Annotated[
    Others,
    Field(
        description="Records not declared. replace: those with the name and type of a declared one go, and those that "
        "can't stand beside one. keep: all stay. delete: all go, so the zone is exactly what is declared"
    ),
]


async def preview_apply(api: arg.Api, zone: arg.ZoneName, records: Records, others: OthersLeft = "replace") -> Preview:
    found = await api.zones.named(zone)
    return plans.preview(found, await _plan(api, found, records, others), "Change")


@tool("destructive", timeout=600, preview=preview_apply)
async def apply_dns_records(
    api: arg.Api,
    zone: arg.ZoneName,
    records: Records,
    others: OthersLeft = "replace",
    plan: arg.ShownPlan = None,
) -> Applied:
    """Make a set of DNS records be as declared: a plan first, then only what differs, in batches of at most 200."""
    found = await api.zones.named(zone)
    made = await _plan(api, found, records, others)
    plans.check_plan(made, plan)
    await plans.carry_out(api, found, made)
    return Applied.of(found, made, rate_limit=api.rate_limit.warning)


async def _plan(api: CloudflareApi, zone: Zone, records: list[Declared], others: Others) -> Plan:
    wanted = declared_bodies([record.body() for record in records], zone.name)
    return await plans.make(api, zone, wanted, others)
