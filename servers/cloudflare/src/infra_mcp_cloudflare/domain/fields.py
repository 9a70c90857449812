"""The structured record types: their fields, in the order of the presentation format (RFC 1035 and successors).

Cloudflare takes these records as a `data` object; zone files, dnspython and people write them in one line.
"""

from infra_mcp_cloudflare.domain.record import Data

FIELDS: dict[str, tuple[str, ...]] = {
    "CAA": ("flags", "tag", "value"),
    "CERT": ("type", "key_tag", "algorithm", "certificate"),
    "DNSKEY": ("flags", "protocol", "algorithm", "public_key"),
    "DS": ("key_tag", "algorithm", "digest_type", "digest"),
    "HTTPS": ("priority", "target", "value"),
    "LOC": (
        *(f"lat_{part}" for part in ("degrees", "minutes", "seconds", "direction")),
        *(f"long_{part}" for part in ("degrees", "minutes", "seconds", "direction")),
        "altitude",
        "size",
        "precision_horz",
        "precision_vert",
    ),
    "NAPTR": ("order", "preference", "flags", "service", "regex", "replacement"),
    "SMIMEA": ("usage", "selector", "matching_type", "certificate"),
    "SRV": ("priority", "weight", "port", "target"),
    "SSHFP": ("algorithm", "type", "fingerprint"),
    "SVCB": ("priority", "target", "value"),
    "TLSA": ("usage", "selector", "matching_type", "certificate"),
    "URI": ("priority", "weight", "target"),
}
OPTIONAL: dict[str, Data] = {
    "HTTPS": {"value": ""},
    "SVCB": {"value": ""},
    "LOC": {
        **{f"{axis}_{part}": 0 for axis in ("lat", "long") for part in ("minutes", "seconds")},
        **dict.fromkeys(("size", "precision_horz", "precision_vert"), 0),
    },
}
SIMPLE = ("A", "AAAA", "CNAME", "MX", "NS", "OPENPGPKEY", "PTR", "TXT")
TYPES = tuple(sorted((*FIELDS, *SIMPLE)))
_QUOTED = {("CAA", "value"), ("NAPTR", "flags"), ("NAPTR", "service"), ("NAPTR", "regex"), ("URI", "target")}
_HOSTS = {("SRV", "target"), ("HTTPS", "target"), ("SVCB", "target"), ("NAPTR", "replacement")}
_METRES = frozenset(("altitude", "size", "precision_horz", "precision_vert"))
_WORDS = frozenset(
    (
        *("tag", "value", "certificate", "public_key", "digest", "fingerprint", "target"),
        *("service", "regex", "replacement", "lat_direction", "long_direction"),
    )
)


def to_text(record_type: str, data: Data) -> str:
    """The data in one line; host names get their final dot."""
    return " ".join(_word(record_type, field, data[field]) for field in FIELDS[record_type]).rstrip()


def from_text(record_type: str, text: str) -> Data:
    """The data behind a line in dnspython's spelling; the last field takes what is left."""
    from dns.tokenizer import Tokenizer

    fields = FIELDS[record_type]
    if record_type in ("HTTPS", "SVCB"):
        # Parameters keep their quotes: they are one field here.
        words = [*text.split(" ", 2), ""][:3]
    else:
        tokens = [token.unescape().value for token in Tokenizer(text).get_remaining()]
        rest = ["".join(tokens[len(fields) - 1 :])] if len(tokens) >= len(fields) else []
        words = tokens[: len(fields) - 1] + rest
    # dnspython leaves out what equals the defaults of RFC 1876 at the end of a LOC.
    data = {"size": 1, "precision_horz": 10_000, "precision_vert": 10} if record_type == "LOC" else {}
    return data | {field: _value(record_type, field, word) for field, word in zip(fields, words, strict=False)}


def _word(record_type: str, field: str, value: object) -> str:
    text = str(value)
    if (record_type, field) in _QUOTED:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if (record_type, field) in _HOSTS:
        return text.removesuffix(".") + "."
    return f"{text}m" if field in _METRES else text


def _value(record_type: str, field: str, word: str) -> int | float | str:
    if (record_type, field) in _HOSTS:
        return word.removesuffix(".").lower() or "."
    if field in _WORDS or (record_type, field) == ("NAPTR", "flags"):
        return word
    number = float(word.removesuffix("m"))
    return int(number) if number.is_integer() else number
