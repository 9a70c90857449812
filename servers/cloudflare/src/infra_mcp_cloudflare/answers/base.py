"""What all answers have."""

from pydantic import Field

from infra_mcp_common.results import Page, Result


class Answer(Result):
    """Base of all answers."""

    rate_limit: str | None = Field(default=None, description="Said when the token's requests run out")


def page_of(total: int, offset: int, count: int) -> Page:
    """Where a part with `count` entries lies in the whole."""
    following = offset + count
    return Page(total=total, offset=offset, next_offset=following if count and following < total else None)
