"""`read_output`, for servers whose answers may be cut: the rest of an earlier output, by id."""

import re
from typing import Annotated

import anyio.to_thread
from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.io import kept_output
from infra_mcp_common.results import Result
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.declaration import tool


class OutputPart(Result):
    """A part of a kept output. Offsets count characters, or lines where `grep` was given."""

    text: str
    offset: int
    total: int = Field(description="Characters, or matching lines, in all")
    next_offset: int | None = Field(None, description="Pass as offset for the next part; absent at the end")


@tool("read")
async def read_output(
    output_id: Annotated[str, Field(description="output_id of an earlier answer")],
    offset: Annotated[int, Field(ge=0, description="Character to begin at; with grep, the matching line")] = 0,
    limit: Annotated[int, Field(ge=1, le=100_000, description="How many characters, or lines, at most")] = 20_000,
    grep: Annotated[str | None, Field(description="Only lines that contain this text, whatever its case")] = None,
) -> OutputPart:
    """Read more of an output that was cut in an earlier answer."""
    path = kept_output.find(output_id)
    # Cleaned and redacted as a whole, so that no secret is cut in two and escapes by that.
    text = await anyio.to_thread.run_sync(lambda: current().tell(path.read_bytes().decode("utf-8", "replace")))
    if grep is not None:
        lines = [line for line in text.splitlines() if re.search(re.escape(grep), line, re.IGNORECASE)]
        return _part("\n".join(lines[offset : offset + limit]), offset, len(lines), limit)
    return _part(text[offset : offset + limit], offset, len(text), limit)


def _part(text: str, offset: int, total: int, limit: int) -> OutputPart:
    if offset > total:
        raise InvalidInput(f"offset {offset} is past the end: there are {total}.", "Start again at offset 0.")
    end = offset + limit
    return OutputPart(text=text, offset=offset, total=total, next_offset=end if end < total else None)
