"""Many records at once: a declared set, a zone file."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.records import Applied, Declared, ZoneFile
from infra_mcp_cloudflare.domain.plan import Others
from infra_mcp_cloudflare.safety import planning, plans
from infra_mcp_cloudflare.tools.parameters import Api, Plan, ZoneName
from infra_mcp_common.io.kept_output import Capture
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
Bind = Annotated[str, Field(min_length=1, max_length=262_144, description="The zone file, in BIND format")]


async def preview_apply(api: Api, zone: ZoneName, records: Records, others: OthersLeft = "replace") -> Preview:
    found = await api.zone(zone)
    return plans.preview(found, await planning.declared(api, found, records, others), "Change")


@tool("destructive", timeout=600, preview=preview_apply)
async def apply_dns_records(
    api: Api, zone: ZoneName, records: Records, others: OthersLeft = "replace", plan: Plan = None
) -> Applied:
    """Make a set of DNS records be as declared: a plan first, then only what differs, in batches of at most 200."""
    found = await api.zone(zone)
    made = await planning.declared(api, found, records, others)
    plans.check_plan(made, plan)
    return await plans.carry_out(api, found, made)


@tool("read", timeout=120)
async def export_zone(api: Api, zone: ZoneName) -> ZoneFile:
    """Export a zone as a zone file in BIND format."""
    found = await api.zone(zone)
    capture = Capture()
    capture.feed((await api.export(found)).encode())
    return ZoneFile(zone=found.name, bind=capture.output())


async def preview_import(api: Api, zone: ZoneName, bind: Bind) -> Preview:
    found = await api.zone(zone)
    made, _ = await planning.imported(api, found, bind)
    return Preview(would=f"Import into {found.name}", now=plans.summary(found, made).model_dump(mode="json"))


@tool("write", timeout=600, preview=preview_import)
async def import_zone(api: Api, zone: ZoneName, bind: Bind) -> Applied:
    """Add the records of a zone file in BIND format; what is there already stays as it is."""
    found = await api.zone(zone)
    made, left_out = await planning.imported(api, found, bind)
    done = await plans.carry_out(api, found, made)
    return done.model_copy(update={"left_out": left_out or None})
