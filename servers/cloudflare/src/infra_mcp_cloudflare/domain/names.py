"""Names as people write them, and as the API takes them: full, lower case, Punycode, no trailing dot."""

import re

from infra_mcp_common.errors import InvalidInput

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Whether this is an id of Cloudflare's rather than a name."""
    return bool(_ID.fullmatch(text.strip().lower()))


def host_name(text: str, what: str) -> str:
    """A complete name in its normal form; `what` names it in the error."""
    name = _ascii(text.strip(), what).removesuffix(".")
    labels = name.split(".")
    rest = labels[1:] if labels[0] == "*" else labels
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in rest):
        raise InvalidInput(
            f"The {what} is no valid DNS name.",
            "Labels are letters, digits, - and _, at most 63 characters each and 253 in all; * stands first only.",
        )
    return name


def zone_name(text: str) -> str:
    """The normal form of a zone's name."""
    return host_name(text, "zone")


def target_name(text: str, what: str, zone: str) -> str:
    """A complete host name that a record points to; `@` is the zone itself.

    A name of one label is refused: it would be looked up in the root, which is never meant.
    """
    if text.strip() in ("@", f"{zone}."):
        return zone
    name = host_name(text, what)
    if "." not in name:
        raise InvalidInput(f"The {what} is not a complete name.", f"Write it in full, as in {name}.{zone}.")
    return name


def record_name(text: str, zone: str) -> str:
    """The full name of a record in `zone`, from `@`, a relative name, a full one, or one with a trailing dot."""
    given = text.strip()
    if given in ("", "@", "@."):
        return zone
    name = host_name(given, "record name")
    if name == zone or name.endswith(f".{zone}"):
        return name
    looks_full = given.endswith(".") or ("." in name and name.rpartition(".")[2] == zone.rpartition(".")[2])
    if looks_full:
        raise InvalidInput(
            f"The record name is outside the zone {zone}.",
            f"Give a name below {zone}, relative as in www, full as in www.{zone}, or @ for the zone itself.",
        )
    return host_name(f"{name}.{zone}", "record name")


def _ascii(text: str, what: str) -> str:
    if text.isascii():
        return text.lower()
    import idna

    labels = re.split("[.\u3002\uff0e\uff61]", text)
    try:
        return ".".join(
            label.lower() if label.isascii() else idna.encode(label, uts46=True).decode() for label in labels
        )
    except idna.IDNAError:
        raise InvalidInput(f"The {what} can't be written in Punycode.", "Correct it, or give its xn-- form.") from None
