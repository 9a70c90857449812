"""Answers on their way out: every string cleaned and redacted, text and structured form with the same facts."""

import json
from collections.abc import Callable
from typing import Any

from mcp_types import CallToolResult, InputRequiredResult, TextContent
from pydantic import BaseModel

from infra_mcp_common.errors import InfraError
from infra_mcp_common.results import Result
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.confirmation import Preview

ERROR = "infra-mcp/error"


def scrub(value: Any) -> Any:
    """The same data with every string, keys included, cleaned and redacted."""
    return _scrub(value, current().tell, {})


def _scrub(value: Any, tell: Callable[[str], str], seen: dict[str, str]) -> Any:
    """`seen` spares the rows of a list from having the same keys and words looked at again and again."""
    if isinstance(value, str):
        if value not in seen:
            seen[value] = tell(value)
        return seen[value]
    if isinstance(value, dict):
        return {_scrub(key, tell, seen): _scrub(inner, tell, seen) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_scrub(inner, tell, seen) for inner in value]
    return value


def success(result: Any) -> CallToolResult | InputRequiredResult:
    """The result of a tool, as data and as the same data in JSON text."""
    if isinstance(result, InputRequiredResult):
        return result
    if not isinstance(result, BaseModel):
        raise TypeError(f"a tool answers with one object, not {type(result).__name__}")
    data = scrub(result.model_dump(mode="json", by_alias=True))
    text = TextContent(type="text", text=json.dumps(data, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=data, is_error=_failed(result))


def outcome(result: Any) -> str:
    """How the call ended, for the audit log."""
    if isinstance(result, Preview):
        return "preview"
    return "failed" if _failed(result) else "ok"


def failure(error: InfraError) -> CallToolResult:
    """An error as text for the model and, for programs, as data in `_meta`."""
    parts = [str(error)]
    if error.mendable_by_settings:
        parts[0] += f" To check the settings, run: {current().script} doctor"
    if error.said:
        parts.append(f"The other side said:\n{error.said[:2000]}")
    facts = scrub({"kind": error.kind, **error.facts})
    text = TextContent(type="text", text=scrub("\n".join(parts)))
    return CallToolResult(content=[text], is_error=True, _meta={ERROR: facts})


def _failed(result: Any) -> bool:
    return isinstance(result, Result) and result.failed()
