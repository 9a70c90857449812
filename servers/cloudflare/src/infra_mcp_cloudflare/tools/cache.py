"""The cache in front of a zone."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.records import Purged
from infra_mcp_cloudflare.safety import protection
from infra_mcp_cloudflare.tools.parameters import Api, ZoneName
from infra_mcp_common.errors import InvalidInput
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
    kinds = {"purge_everything": everything, "files": files, "hosts": hosts, "prefixes": prefixes, "tags": tags}
    given = {kind: what for kind, what in kinds.items() if what}
    if len(given) != 1:
        raise InvalidInput(
            "What to purge must be given in exactly one way.", "Give files, or hosts, or everything: true."
        )
    found = await api.zone(zone)
    protection.check_zone(found.name)
    await api.purge_cache(found, given)
    ((kind, what),) = given.items()
    return Purged(zone=found.name, purged="everything" if what is True else f"{len(what)} {kind}")
