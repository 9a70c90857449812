"""Lists that the API has in pages: a window of one, or all of it."""

from collections.abc import Awaitable, Callable

from infra_mcp_cloudflare.transport.api_errors import Json
from infra_mcp_cloudflare.transport.envelope import Reply
from infra_mcp_common.errors import Failed, InvalidInput

Fetch = Callable[[int, int], Awaitable[Reply]]
MOST_PAGES = 200


async def window(fetch: Fetch, offset: int, limit: int, smallest_page: int = 1) -> tuple[list[Json], int]:
    """The entries from `offset`, at most `limit`, by one request, or two where the window crosses pages; and the total.

    fetch: a page by its number, from 1, and its size.
    """
    size = max(limit, smallest_page)
    number, skip = offset // size + 1, offset % size
    reply = await fetch(number, size)
    entries, total = reply.items, reply.total
    if offset > total:
        raise InvalidInput(f"offset {offset} is past the end: there are {total}.", "Start again at offset 0.")
    if skip and number * size < total:
        entries += (await fetch(number + 1, size)).items
    return entries[skip : skip + limit], total


async def every(fetch: Fetch, size: int, endless: Failed) -> tuple[list[Json], Reply]:
    """Every entry, and the last page; `endless` where the list is longer than a list can be."""
    entries: list[Json] = []
    for number in range(1, MOST_PAGES + 1):
        reply = await fetch(number, size)
        entries += reply.items
        if _is_last(reply, number, size):
            return entries, reply
    raise endless


def _is_last(reply: Reply, number: int, size: int) -> bool:
    pages = reply.info.get("total_pages")
    return not reply.result or (number >= pages if pages is not None else len(reply.result) < size)
