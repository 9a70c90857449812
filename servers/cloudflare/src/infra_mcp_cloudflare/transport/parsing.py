"""Cloudflare's objects as ours."""

from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.domain.token import Token
from infra_mcp_cloudflare.domain.zone import Dnssec, Zone, ZoneSetting
from infra_mcp_cloudflare.transport.api_errors import Json

_OF_ZONE = ("paused", "type", "created_on", "activated_on")
_OF_DNSSEC = ("ds", "key_tag", "algorithm", "digest_type", "digest", "public_key", "flags")


def record_of(raw: Json) -> DnsRecord:
    return DnsRecord(
        id=raw["id"],
        type=raw["type"],
        name=raw["name"],
        content=raw["content"],
        data=raw.get("data") or None,
        priority=raw.get("priority"),
        ttl=raw["ttl"],
        proxied=raw.get("proxied"),
        comment=raw.get("comment") or None,
        tags=raw.get("tags") or None,
        settings=raw.get("settings") or None,
        modified_on=raw.get("modified_on"),
    )


def zone_of(raw: Json) -> Zone:
    original = raw.get("original_name_servers")
    return Zone(
        id=raw["id"],
        name=raw["name"],
        status=raw.get("status", "unknown"),
        plan=(raw.get("plan") or {}).get("name"),
        account=(raw.get("account") or {}).get("name"),
        name_servers=tuple(raw.get("name_servers") or ()),
        original_name_servers=None if original is None else tuple(original),
        **{field: raw.get(field) for field in _OF_ZONE},
    )


def setting_of(raw: Json) -> ZoneSetting:
    return ZoneSetting(
        id=raw["id"], value=raw.get("value"), editable=raw.get("editable"), modified_on=raw.get("modified_on")
    )


def dnssec_of(raw: Json) -> Dnssec:
    return Dnssec(status=raw.get("status", "unknown"), **{field: raw.get(field) for field in _OF_DNSSEC})


def token_of(raw: Json) -> Token:
    return Token(id=raw.get("id", ""), status=raw.get("status", "unknown"), expires_on=raw.get("expires_on"))
