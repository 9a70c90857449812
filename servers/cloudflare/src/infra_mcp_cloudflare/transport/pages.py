"""A window of a list that the API has in pages."""

from collections.abc import Awaitable, Callable

from infra_mcp_cloudflare.transport.envelope import Json, Reply
from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import Page

Fetch = Callable[[int, int], Awaitable[Reply]]


async def window(fetch: Fetch, offset: int, limit: int, smallest_page: int = 1) -> tuple[list[Json], Page]:
    """The entries from `offset`, at most `limit`, by one request, or two where the window crosses pages."""
    size = max(limit, smallest_page)
    number, skip = offset // size + 1, offset % size
    reply = await fetch(number, size)
    entries, total = list(reply.result or []), int(reply.info.get("total_count", 0))
    if offset > total:
        raise InvalidInput(f"offset {offset} is past the end: there are {total}.", "Start again at offset 0.")
    if skip and number * size < total:
        entries += (await fetch(number + 1, size)).result or []
    part = entries[skip : skip + limit]
    following = offset + len(part)
    more = following if part and following < total else None
    return part, Page(total=total, offset=offset, next_offset=more)
