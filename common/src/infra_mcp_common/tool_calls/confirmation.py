"""Confirmation: a gated call without `confirmed: true` says what would happen, and nothing happens."""

from typing import Any, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import Result

CONFIRMED_SCHEMA = {
    "type": "boolean",
    "default": False,
    "description": "true carries it out; without it the answer only says what would happen",
}


class Preview(Result):
    """What a gated call would do. Nothing has been changed."""

    confirmed: Literal[False] = False
    would: str = Field(description="What would happen")
    now: Any = Field(None, description="What is there now")
    confirm_with: dict[str, Any] = Field(
        default_factory=lambda: {"confirmed": True},
        description="Arguments to add to the same call to carry it out",
    )


def take_confirmed(arguments: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The arguments without `confirmed`, and whether it was given as the boolean true."""
    rest = dict(arguments)
    confirmed = rest.pop("confirmed", False)
    if not isinstance(confirmed, bool):
        raise InvalidInput("confirmed must be the boolean true or false, nothing else.", "Pass confirmed: true.")
    return rest, confirmed


def plain_preview(description: str, arguments: dict[str, Any]) -> Preview:
    """The preview of a tool that has none of its own: its sentence and the arguments."""
    return Preview(would=description.split("\n", 1)[0], now={"arguments": arguments})
