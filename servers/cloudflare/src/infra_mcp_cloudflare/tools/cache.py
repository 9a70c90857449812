"""The cache in front of a zone."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.zone_settings import Purged
from infra_mcp_cloudflare.domain.purge import Purge
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.tools.parameters import Api, ZoneName
from infra_mcp_common.tool_calls.declaration import tool

_Few = Field(min_length=1, max_length=30)


@tool("destructive")
async def purge_cache(
    api: Api,
    zone: ZoneName,
    everything: Annotated[bool, Field(description="All of it; every visitor then asks the origin")] = False,
    files: Annotated[list[str] | None, _Few, Field(description="URLs")] = None,
    hosts: Annotated[list[str] | None, _Few, Field(description="Host names")] = None,
    prefixes: Annotated[list[str] | None, _Few, Field(description="As in www.example.com/images")] = None,
    tags: Annotated[list[str] | None, _Few, Field(description="Cache tags")] = None,
) -> Purged:
    """Purge files, hosts, prefixes, tags or everything from the cache of a zone."""
    purge = Purge.of(everything=everything, files=files, hosts=hosts, prefixes=prefixes, tags=tags)
    found = await api.zones.named(zone)
    protection.check_zone(found.name)
    await api.settings.purge_cache(found, purge)
    return Purged.of(found, purge, rate_limit=api.rate_limit.warning)
