"""Zone files in BIND format."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.plans import Applied
from infra_mcp_cloudflare.answers.zone_files import ZoneFile
from infra_mcp_cloudflare.domain import zone_file
from infra_mcp_cloudflare.safety import plans
from infra_mcp_cloudflare.tools import parameters as arg
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool

Bind = Annotated[str, Field(min_length=1, max_length=262_144, description="The zone file, in BIND format")]


@tool("read", timeout=120)
async def export_zone(api: arg.Api, zone: arg.ZoneName) -> ZoneFile:
    """Export a zone as a zone file in BIND format."""
    found = await api.zones.named(zone)
    capture = Capture()
    capture.feed((await api.records.export(found)).encode())
    return ZoneFile.of(found, capture.output(), rate_limit=api.rate_limit.warning)


async def preview_import(api: arg.Api, zone: arg.ZoneName, bind: Bind) -> Preview:
    found = await api.zones.named(zone)
    wanted, _ = zone_file.read(bind, found.name)
    return plans.preview_import(found, await plans.additions(api, found, wanted))


@tool("write", timeout=600, preview=preview_import)
async def import_zone(api: arg.Api, zone: arg.ZoneName, bind: Bind) -> Applied:
    """Add the records of a zone file in BIND format; what is there already stays as it is."""
    found = await api.zones.named(zone)
    wanted, left_out = zone_file.read(bind, found.name)
    made = await plans.additions(api, found, wanted)
    await plans.carry_out(api, found, made)
    return Applied.of(found, made, left_out=left_out, rate_limit=api.rate_limit.warning)
