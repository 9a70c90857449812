"""What all answers have in common."""

import json
from collections.abc import Sequence

from pydantic import BaseModel, Field

from infra_mcp_common.results import Result

# Characters of JSON that one answer may take.
ROOM = 60_000


class Answer(Result):
    """Base of all answers: which cluster it is about."""

    context: str = Field(description="Context of the kubeconfig that was used")


def size(value: object) -> int:
    """How much room a value takes in an answer, in characters."""
    return len(json.dumps(value.model_dump() if isinstance(value, BaseModel) else value, ensure_ascii=False))


def fitting(items: Sequence[object]) -> int:
    """How many of the items, from the first, fit into one answer."""
    room = ROOM
    for position, item in enumerate(items):
        room -= size(item)
        if room < 0:
            return position
    return len(items)


def short(value: object) -> object:
    """A value, or where it would take too much room the beginning of its JSON text."""
    return value if size(value) <= ROOM // 10 else json.dumps(value)[: ROOM // 10]
