"""Cloudflare's answers: the result out of the envelope, or the error that its status and codes mean."""

from dataclasses import dataclass, field
from typing import Any

from infra_mcp_cloudflare.transport.api_errors import Action, Json, error_of, lost
from infra_mcp_common.errors import Failed
from infra_mcp_common.io.http import Answer


@dataclass(frozen=True)
class Reply:
    """A result, and for lists where it lies in the whole."""

    result: Any
    info: Json = field(default_factory=dict)

    @property
    def item(self) -> Json:
        """The result where it is one thing."""
        found: Json = self.result or {}
        return found

    @property
    def items(self) -> list[Json]:
        """The result where it is a list."""
        return list(self.result or [])

    @property
    def total(self) -> int:
        """How many the whole list has."""
        return int(self.info.get("total_count", 0))


def read(answer: Answer, action: Action, *, changes: bool) -> Reply:
    """The result of an answer.

    Raises AnswerLost where a change may have happened although the answer does not say so.
    """
    if answer.status >= 500 and changes:
        raise lost(answer, action)
    body = _json(answer, action, changes=changes)
    # A deleted record is answered without `success`; a verified token with a message that is no error.
    if answer.status < 400 and body.get("success") is not False:
        return Reply(body.get("result"), body.get("result_info") or {})
    raise error_of(answer, action, body)


def _json(answer: Answer, action: Action, *, changes: bool) -> Json:
    try:
        body = answer.json()
    except Failed:
        if changes and answer.status < 400:
            raise lost(answer, action) from None
        if answer.status in (401, 403, 404, 429):
            return {}
        raise
    return body if isinstance(body, dict) else {"result": body}
