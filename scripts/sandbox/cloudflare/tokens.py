"""API tokens: what they may do, to which zones, and how the API refuses the others."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Literal

from sandbox.cloudflare.errors import ApiError
from sandbox.cloudflare.state import Zone, new_id

Permission = Literal["zone:read", "dns:read", "dns:edit", "cache:purge", "settings:read", "settings:edit"]
ALL: frozenset[Permission] = frozenset(
    ("zone:read", "dns:read", "dns:edit", "cache:purge", "settings:read", "settings:edit")
)
_IMPLIED: dict[Permission, Permission] = {"dns:edit": "dns:read", "settings:edit": "settings:read"}


def _new_value() -> str:
    return secrets.token_urlsafe(30)


@dataclass
class Token:
    """`zones` None means every zone; `account_id` makes it a token that an account owns."""

    permissions: frozenset[Permission] = ALL
    zones: frozenset[str] | None = None
    status: Literal["active", "disabled", "expired"] = "active"
    account_id: str | None = None
    expires_on: str | None = None
    value: str = field(default_factory=_new_value)
    id: str = field(default_factory=new_id)

    def may(self, permission: Permission, zone: Zone | None) -> bool:
        """Whether it holds `permission`, or a wider one, for `zone`."""
        held = self.permissions | {_IMPLIED[p] for p in self.permissions if p in _IMPLIED}
        return permission in held and (zone is None or self.zones is None or zone.name in self.zones)


def authenticate(header: str | None, tokens: dict[str, Token]) -> Token:
    """The token that an Authorization header names."""
    if header is None:
        raise ApiError(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
    if not re.fullmatch(r"Bearer [A-Za-z0-9_-]{40,}", header):
        chain = [{"code": 6111, "message": "Invalid format for Authorization header"}]
        raise ApiError(400, 6003, "Invalid request headers", chain=chain)
    token = tokens.get(header.removeprefix("Bearer "))
    if token is None:
        raise ApiError(401, 1000, "Invalid API Token")
    return token


def authorize(token: Token, permission: Permission, zone: Zone | None, *, zone_itself: bool) -> None:
    """Refuse what the token does not cover. A zone that is not there is refused in the same words."""
    if token.status != "active":
        raise ApiError(401, 1000, "Invalid API Token")
    if not token.may(permission, zone):
        raise unauthorized(zone_itself=zone_itself)


def unauthorized(*, zone_itself: bool) -> ApiError:
    """The two wordings of "not yours": of a zone, and of anything in it."""
    if zone_itself:
        return ApiError(403, 9109, "Unauthorized to access requested resource")
    return ApiError(403, 10000, "Authentication error")
