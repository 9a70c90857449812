"""The API token, as Cloudflare knows it and as it was tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Token:
    """What Cloudflare says of the token itself."""

    id: str
    status: str
    expires_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class TokenRights:
    """What the token may read, tried on a zone. permissions: by their names in the dashboard."""

    zones_visible: int
    tried_on: str | None = None
    permissions: Mapping[str, bool] = field(default_factory=dict)
