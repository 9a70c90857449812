"""What Cloudflare accepts as one DNS record, and the form it stores it in."""

import ipaddress
import re
from typing import Any

from sandbox.cloudflare import data_fields
from sandbox.cloudflare.errors import invalid, wrapped
from sandbox.cloudflare.state import Json, Zone
from sandbox.cloudflare.text import stored_text

TYPES = frozenset(data_fields.FIELDS) | {"A", "AAAA", "CNAME", "MX", "NS", "OPENPGPKEY", "PTR", "TXT"}
PROXIABLE = frozenset(("A", "AAAA", "CNAME"))
_HOST_CODES = {"CNAME": 9007, "MX": 9009, "NS": 9008, "PTR": 9010}
_FIELDS = frozenset(
    ("name", "type", "content", "data", "priority", "ttl", "proxied", "comment", "tags", "settings", "private_routing")
)
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_UNROUTED = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "::/128", "::1/128", "fc00::/7", "fe80::/10",
    )
]  # fmt: skip
_TAG = re.compile(r"[A-Za-z0-9_-]{1,32}:.{0,100}")


def normalised(zone: Zone, body: Any) -> Json:
    """The writable fields of a record as they would be stored.

    Raises:
        ApiError: with the code of the first rule that `body` breaks.
    """
    if not isinstance(body, dict) or not body.keys() <= _FIELDS:
        raise invalid(9207, "Request body is invalid.")
    if body.get("type") not in TYPES:
        raise wrapped(9001, "A valid record type is required.")
    record: Json = {"type": body["type"], "name": full_name(zone, body.get("name"))}
    record |= _value(record["type"], body)
    proxiable = _proxiable(record)
    record |= _proxy_and_ttl(zone, body, record, proxiable=proxiable)
    if record["type"] == "CNAME" and record["content"] == record["name"]:
        raise wrapped(9039, "A CNAME record cannot reference itself.")
    return record | _attributes(zone, body) | {"proxiable": proxiable, "settings": body.get("settings") or {}}


def full_name(zone: Zone, name: Any) -> str:
    """The name within the zone; `@` is the apex, and what does not end in the zone's name is relative to it."""
    if not isinstance(name, str) or not name.isascii() or not name:
        raise invalid(9000, "DNS name is invalid.")
    bare = name.lower().rstrip(".")
    if bare in ("@", zone.name):
        return zone.name
    full = bare if bare.endswith(f".{zone.name}") else f"{bare}.{zone.name}"
    if len(full) > 253 or not _is_name(full.removeprefix("*.")):
        raise invalid(9000, "DNS name is invalid.")
    return full


def _is_name(name: str) -> bool:
    return all(_LABEL.fullmatch(label) for label in name.split("."))


def _value(record_type: str, body: Json) -> Json:
    if record_type in data_fields.FIELDS:
        data = data_fields.checked(record_type, body.get("data"))
        value: Json = {"data": data, "content": data_fields.content_of(record_type, data)}
        if record_type in ("SRV", "URI"):
            value["priority"] = _priority(data.get("priority", body.get("priority")))
        return value
    if "data" in body:
        raise invalid(9207, "Request body is invalid.")
    value = {"content": _content(record_type, body.get("content"))}
    if record_type == "MX":
        value["priority"] = _priority(body.get("priority"))
    return value


def _content(record_type: str, content: Any) -> str:
    if not isinstance(content, str) or not content:
        raise invalid(9101, "content is a required field.")
    if record_type == "A":
        return _address(content, 4, 9005, "A")
    if record_type == "AAAA":
        return _address(content, 6, 9006, "AAAA")
    if record_type in _HOST_CODES:
        return _host(record_type, content)
    return stored_text(content) if record_type == "TXT" else content


def _address(content: str, version: int, code: int, record_type: str) -> str:
    try:
        address = ipaddress.ip_address(content)
    except ValueError:
        address = None
    if address is None or address.version != version:
        raise wrapped(code, f"Content for {record_type} record must be a valid IPv{version} address.")
    return str(address)


def _host(record_type: str, content: str) -> str:
    if record_type == "MX" and content == ".":
        return content
    host = content.lower().rstrip(".")
    if not content.isascii() or len(host) > 253 or not _is_name(host):
        raise wrapped(_HOST_CODES[record_type], f"Content for {record_type} record is invalid.")
    return host


def _priority(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(9101, "priority is a required field.")
    if not 0 <= value <= 65535:
        raise invalid(9102, "Invalid value for field priority.")
    return value


def _proxiable(record: Json) -> bool:
    if record["type"] in ("A", "AAAA"):
        address = ipaddress.ip_address(record["content"])
        return not any(address in network for network in _UNROUTED if network.version == address.version)
    return record["type"] in PROXIABLE


def _proxy_and_ttl(zone: Zone, body: Json, record: Json, *, proxiable: bool) -> Json:
    proxied, ttl = body.get("proxied", False), body.get("ttl", 1)
    if not isinstance(proxied, bool):
        raise invalid(9207, "Request body is invalid.")
    if proxied and record["type"] not in PROXIABLE:
        raise wrapped(9004, "This record type cannot be proxied.")
    if proxied and not proxiable:
        raise invalid(9003, f"Target {record['content']} is not allowed for a proxied record.")
    lowest = 30 if zone.plan == "enterprise" else 60
    if isinstance(ttl, bool) or not isinstance(ttl, int) or not (ttl == 1 or lowest <= ttl <= 86400):
        raise wrapped(9021, f"Invalid TTL. Must be between {lowest} and 86400 seconds, or 1 for Automatic.")
    return {"proxied": proxied, "ttl": 1 if proxied else ttl}


def _attributes(zone: Zone, body: Json) -> Json:
    comment, tags = body.get("comment") or None, body.get("tags") or []
    if comment is not None and (not isinstance(comment, str) or re.search(r"[\r\n]", comment)):
        raise invalid(9207, "Request body is invalid.")
    if comment is not None and len(comment) > (100 if zone.plan == "free" else 500):
        raise invalid(9301, "DNS record comment exceeds the maximum length.")
    if not isinstance(tags, list) or not all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in tags):
        raise invalid(9207, "Request body is invalid.")
    if tags and zone.plan == "free":
        raise invalid(9300, f"DNS record has {len(tags)} tags, exceeding the quota of 0.")
    return {"comment": comment, "tags": sorted(tags)}
