"""Requests to Cloudflare's API, answered by their result or by an error that says what they were for."""

from collections.abc import Mapping
from typing import Any

from infra_mcp_cloudflare.transport import envelope
from infra_mcp_cloudflare.transport.api_errors import Action, Json
from infra_mcp_cloudflare.transport.envelope import Reply
from infra_mcp_cloudflare.transport.rate_limit import RateLimit
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.http import Answer, Http, Method

Params = dict[str, str | int]


class Client:
    """One token's way to the API, and what its answers say of the rate limit."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.rate_limit = RateLimit()

    async def get(self, path: str, action: Action, params: Params | None = None) -> Reply:
        """What is there."""
        return envelope.read(await self.fetch(path, params), action, changes=False)

    async def fetch(self, path: str, params: Params | None = None) -> Answer:
        """The answer as it came."""
        answer = await self.http.request("GET", path, params=params)
        self.rate_limit.note(answer.headers)
        return answer

    async def change(
        self, method: Method, path: str, action: Action, body: Mapping[str, Any] | None, kind: Kind | None = None
    ) -> Json:
        """What is there afterwards. kind: where the method does not say it."""
        answer = await self.http.request(method, path, json=body, kind=kind)
        self.rate_limit.note(answer.headers)
        return envelope.read(answer, action, changes=True).item
