"""Zone settings, DNSSEC and cache purges."""

import re
from typing import Any

from sandbox.cloudflare.errors import ApiError, invalid
from sandbox.cloudflare.state import Json, Zone, new_id, now

_SWITCHES = ("on", "off")
_VALUES: dict[str, tuple[Any, ...]] = {
    "always_use_https": _SWITCHES,
    "automatic_https_rewrites": _SWITCHES,
    "development_mode": _SWITCHES,
    "ipv6": _SWITCHES,
    "min_tls_version": ("1.0", "1.1", "1.2", "1.3"),
    "security_level": ("off", "essentially_off", "low", "medium", "high", "under_attack"),
    "ssl": ("off", "flexible", "full", "strict"),
    "websockets": _SWITCHES,
}
_PURGE_KINDS = ("files", "hosts", "tags", "prefixes")


def get_setting(zone: Zone, name: str) -> Json:
    """One setting."""
    if name not in zone.settings:
        raise ApiError(400, 1006, f"Unrecognized zone setting name: {name}")
    found: Json = zone.settings[name]
    return found


def patch_setting(zone: Zone, name: str, body: Any) -> Json:
    """Change one setting; a value the setting does not know is refused."""
    setting = get_setting(zone, name)
    if not isinstance(body, dict) or "value" not in body or body.get("id", name) != name:
        raise invalid(1007, f"Invalid value for zone setting {name}")
    if not setting["editable"]:
        raise ApiError(400, 1015, f"Not allowed to edit setting for {name}")
    if body["value"] is None or body["value"] not in _VALUES.get(name, (body["value"],)):
        raise invalid(1007, f"Invalid value for zone setting {name}")
    zone.settings[name] = setting | {"value": body["value"], "modified_on": now()}
    return get_setting(zone, name)


def enable_dnssec(zone: Zone) -> None:
    """Sign the zone, so that `dnssec` has something to show."""
    digest = "48E939042E82C22542CB377B580DFDC52A361CEFDC72E7F9107E2B6BD9306A45"
    zone.dnssec = {
        "status": "active", "flags": 257, "algorithm": "13", "key_type": "ECDSAP256SHA256", "digest_type": "2",
        "key_tag": 42, "digest_algorithm": "SHA256", "digest": digest,
        "ds": f"{zone.name}. 3600 IN DS 42 13 2 {digest}",
        "public_key": "oXiGYrSTO+LSCJ3mohc8EP+CzF9KxBj8/ydXJ22pKuZP3VAC3/Md/k7xZfz470CoRyZJ6gV6vml07IC3d8xqhA==",
    }  # fmt: skip


def purge(zone: Zone, body: Any) -> Json:
    """Purge the cache: everything, or up to 30 of one kind."""
    if not isinstance(body, dict) or len(body) != 1:
        raise invalid(1092, "Purge request must have exactly one of files, hosts, tags, prefixes, purge_everything.")
    ((kind, what),) = body.items()
    if kind == "purge_everything" and what is True:
        zone.purges.append(body)
        return {"id": new_id()}
    if kind not in _PURGE_KINDS or not isinstance(what, list) or not 0 < len(what) <= 30:
        raise invalid(1094, "Unable to purge: 1 to 30 items of one kind.")
    if kind == "files" and not all(
        re.match(rf"https?://([^/]+\.)?{re.escape(zone.name)}(/|$)", str(url)) for url in what
    ):
        raise invalid(1095, "Unable to purge: a URL does not belong to this zone.")
    zone.purges.append(body)
    return {"id": new_id()}
