"""The value of a record as DNS sees it, so that spellings of the same value compare equal.

Parsed by dnspython, which knows the syntax of every type.
"""

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from infra_mcp_cloudflare.domain import fields
from infra_mcp_cloudflare.domain.record import Data, DnsRecord, RecordBody, RecordFields
from infra_mcp_cloudflare.domain.txt import strings_of
from infra_mcp_common.errors import InvalidInput

if TYPE_CHECKING:
    from dns.rdata import Rdata
    from dns.rdtypes.ANY.CERT import CERT

Key = tuple[str, str, bytes]
_POINTERS = ("CNAME", "NS", "PTR")


def presentation(record_type: str, value: RecordFields) -> str:
    """The value in one line, as a zone file has it."""
    if record_type in fields.FIELDS and value.data is not None:
        beside: Data = {} if value.priority is None else {"priority": value.priority}
        return fields.to_text(record_type, {**beside, **fields.OPTIONAL.get(record_type, {}), **value.data})
    content = value.content or ""
    if record_type == "MX":
        return f"{value.priority} {_dotted(content)}"
    return _dotted(content) if record_type in _POINTERS else content


def parse(record_type: str, text: str) -> "Rdata":
    """The value behind a line, or InvalidInput with what dnspython found wrong."""
    from dns import rdata
    from dns.exception import DNSException

    try:
        return rdata.from_text("IN", record_type, text, relativize=False)
    except (DNSException, ValueError) as error:
        reason = str(error).rpartition(": ")[2] or type(error).__name__
        raise InvalidInput(f"The value does not fit type {record_type}: {reason[:200]}.", "Correct it.") from None


def line(rdata: "Rdata") -> str:
    """The value in one line of numbers, where dnspython writes a CERT's by name."""
    text = rdata.to_text()
    if rdata.rdtype.name != "CERT":
        return text
    key_tag = text.split()[1]
    cert = cast("CERT", rdata)
    certificate = base64.b64encode(cert.certificate).decode()
    return f"{int(cert.certificate_type)} {key_tag} {int(cert.algorithm)} {certificate}"


def key(record: RecordBody) -> Key:
    """What makes two records the same: type, full name and value, whatever the spelling."""
    return record.type, record.name, _value(record)


def has_content(record: DnsRecord, content: str) -> bool:
    """Whether the record's value is this content, however it is spelt."""
    wanted = content.strip()
    if record.content == wanted:
        return True
    return record.data is None and key(replace(record, content=wanted)) == key(record)


def _value(record: RecordBody) -> bytes:
    if record.type == "TXT":
        return b"".join(_text(record.content or ""))
    try:
        return parse(record.type, presentation(record.type, record)).to_digestable()
    except (InvalidInput, KeyError):
        # Stored before someone's rules changed: compared as it is written.
        return f"{record.priority} {record.content}".encode()


def _text(content: str) -> list[bytes]:
    try:
        return strings_of(content)
    except InvalidInput:
        return [content.encode()]


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."
