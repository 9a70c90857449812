"""The API token."""

from pydantic import Field

from infra_mcp_cloudflare.answers.base import Answer
from infra_mcp_cloudflare.domain.token import Token, TokenRights


class TokenReport(Answer):
    """The token itself and what it may read. What it may change shows only when it changes something."""

    status: str
    id: str
    expires_on: str | None = None
    zones_visible: int
    tried_on: str | None = Field(default=None, description="The zone that the rights were tried on")
    rights: dict[str, bool] = Field(description="Permission as the dashboard calls it, and whether it is there")

    @classmethod
    def of(cls, token: Token, rights: TokenRights, *, rate_limit: str | None) -> "TokenReport":
        return cls(
            status=token.status,
            id=token.id,
            expires_on=token.expires_on,
            zones_visible=rights.zones_visible,
            tried_on=rights.tried_on,
            rights=dict(rights.permissions),
            rate_limit=rate_limit,
        )
