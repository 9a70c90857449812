"""What a tool answered, as the fields that tests look at."""

import json
from typing import Any

from mcp.types import CallToolResult, TextContent

ERROR = "infra-mcp/error"


def text(result: CallToolResult) -> str:
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def data(result: CallToolResult) -> dict[str, Any]:
    """The structured answer; an error instead of one fails the test with its text. Text and data must be the same."""
    assert result.structured_content is not None, text(result)
    answer: dict[str, Any] = result.structured_content
    assert json.loads(text(result)) == answer
    return answer


def error(result: CallToolResult) -> dict[str, Any]:
    """The machine-readable part of an error: `kind` and facts."""
    assert result.is_error, text(result)
    assert result.meta is not None, text(result)
    assert ERROR in result.meta, text(result)
    facts: dict[str, Any] = result.meta[ERROR]
    return facts
