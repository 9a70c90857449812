"""Search across zones."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_cloudflare.answers.record_lists import FoundRecords
from infra_mcp_cloudflare.tools.parameters import Api
from infra_mcp_cloudflare.transport.search import search_zones
from infra_mcp_common.tool_calls.declaration import tool


@tool("read", timeout=120)
async def find_dns_records(
    api: Api,
    text: Annotated[str, Field(min_length=1, max_length=253, description="A name, an address or a target")],
    match: Annotated[Literal["exact", "contains"], Field(description="How it has to match")] = "exact",
    limit: Annotated[int, Field(ge=1, le=500, description="How many at most")] = 100,
) -> FoundRecords:
    """Find the DNS records with this name, address or target in all zones that the token sees."""
    found = await search_zones(api, text, limit, exact=match == "exact")
    return FoundRecords.of(found, rate_limit=api.rate_limit.warning)
