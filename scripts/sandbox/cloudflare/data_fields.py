"""The `data` object of the structured record types: its fields, their ranges, and the `content` made of them."""

from collections.abc import Callable
from typing import Any

from sandbox.cloudflare.errors import invalid
from sandbox.cloudflare.state import Json

Range = tuple[float, float]
_BYTE: Range = (0, 255)
_SHORT: Range = (0, 65535)
_SIZE: Range = (0, 90_000_000)

# type -> field -> range of a number, tuple of words, or str for any text
FIELDS: dict[str, dict[str, Any]] = {
    "CAA": {"flags": _BYTE, "tag": str, "value": str},
    "CERT": {"algorithm": _BYTE, "certificate": str, "key_tag": _SHORT, "type": _SHORT},
    "DNSKEY": {"algorithm": _BYTE, "flags": _SHORT, "protocol": _BYTE, "public_key": str},
    "DS": {"algorithm": _BYTE, "digest": str, "digest_type": _BYTE, "key_tag": _SHORT},
    "HTTPS": {"priority": _SHORT, "target": str, "value": str},
    "LOC": {
        "lat_degrees": (0, 90), "lat_minutes": (0, 59), "lat_seconds": (0, 59.999), "lat_direction": ("N", "S"),
        "long_degrees": (0, 180), "long_minutes": (0, 59), "long_seconds": (0, 59.999), "long_direction": ("E", "W"),
        "altitude": (-100_000, 42849672.95), "size": _SIZE, "precision_horz": _SIZE, "precision_vert": _SIZE,
    },
    "NAPTR": {"flags": str, "order": _SHORT, "preference": _SHORT, "regex": str, "replacement": str, "service": str},
    "SMIMEA": {"usage": _BYTE, "selector": _BYTE, "matching_type": _BYTE, "certificate": str},
    "SRV": {"priority": _SHORT, "weight": _SHORT, "port": _SHORT, "target": str},
    "SSHFP": {"algorithm": _BYTE, "type": _BYTE, "fingerprint": str},
    "SVCB": {"priority": _SHORT, "target": str, "value": str},
    "TLSA": {"usage": _BYTE, "selector": _BYTE, "matching_type": _BYTE, "certificate": str},
    "URI": {"target": str, "weight": _SHORT},
}  # fmt: skip

DEFAULTS: dict[str, Json] = {
    "LOC": {f: 0 for f in FIELDS["LOC"] if f.endswith(("minutes", "seconds", "horz", "vert")) or f == "size"},
    "HTTPS": {"value": ""},
    "SVCB": {"value": ""},
}


def _angle(axis: str, data: Json) -> str:
    return " ".join(str(data[f"{axis}_{part}"]) for part in ("degrees", "minutes", "seconds", "direction"))


def _metres(data: Json) -> str:
    return " ".join(f"{data[part]}m" for part in ("altitude", "size", "precision_horz", "precision_vert"))


_CONTENT: dict[str, Callable[[Json], str]] = {
    "CAA": lambda d: f'{d["flags"]} {d["tag"]} "{d["value"]}"',
    "CERT": lambda d: f"{d['type']} {d['key_tag']} {d['algorithm']} {d['certificate']}",
    "DNSKEY": lambda d: f"{d['flags']} {d['protocol']} {d['algorithm']} {d['public_key']}",
    "DS": lambda d: f"{d['key_tag']} {d['algorithm']} {d['digest_type']} {d['digest']}",
    "HTTPS": lambda d: f"{d['priority']} {d['target']} {d['value']}".rstrip(),
    "LOC": lambda d: f"{_angle('lat', d)} {_angle('long', d)} {_metres(d)}",
    "NAPTR": lambda d: (
        f'{d["order"]} {d["preference"]} "{d["flags"]}" "{d["service"]}" "{d["regex"]}" {d["replacement"]}'
    ),
    "SMIMEA": lambda d: f"{d['usage']} {d['selector']} {d['matching_type']} {d['certificate']}",
    "SRV": lambda d: f"{d['weight']} {d['port']} {d['target']}",
    "SSHFP": lambda d: f"{d['algorithm']} {d['type']} {d['fingerprint']}",
    "SVCB": lambda d: f"{d['priority']} {d['target']} {d['value']}".rstrip(),
    "TLSA": lambda d: f"{d['usage']} {d['selector']} {d['matching_type']} {d['certificate']}",
    "URI": lambda d: f'{d["weight"]} "{d["target"]}"',
}


def checked(record_type: str, data: Any) -> Json:
    """The complete `data` of a record of this type.

    Raises:
        ApiError: a field is missing (9101), unknown, or out of range (9102).
    """
    if not isinstance(data, dict):
        raise invalid(9101, "data is a required field.")
    full: Json = DEFAULTS.get(record_type, {}) | data
    fields = FIELDS[record_type]
    for name in full.keys() - fields.keys():
        raise invalid(9102, f"{name} is not a data field of {record_type} records.")
    for name, allowed in fields.items():
        if name not in full:
            raise invalid(9101, f"{name} is a required data field.")
        if not _allowed(full[name], allowed):
            raise invalid(9102, f"Invalid value for data field {name}.")
    if record_type in ("SRV", "HTTPS", "SVCB") and full["target"] != ".":
        full["target"] = full["target"].rstrip(".")
    return full


def _allowed(value: Any, allowed: Any) -> bool:
    if allowed is str:
        return isinstance(value, str)
    if isinstance(allowed[0], str):
        return value in allowed
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(allowed[0] <= value <= allowed[1])


def content_of(record_type: str, data: Json) -> str:
    """The read-only `content` that goes with `data`; a priority of its own stays outside, as in SRV and URI."""
    return _CONTENT[record_type](data)
