"""A record as people give it, and as the API takes it: full name, normal value."""

import ipaddress
import re
from dataclasses import replace

from infra_mcp_cloudflare.domain import fields, names, structured, validation, values
from infra_mcp_cloudflare.domain.record import RecordBody, RecordFields
from infra_mcp_cloudflare.domain.txt import quoted
from infra_mcp_common.errors import InvalidInput


def body_of(given: RecordBody, zone: str) -> RecordBody:
    """The checked body of a record: full name, normal value, and of the attributes only those that are given."""
    name = names.record_name(given.name, zone)
    value = value_of(given.type, given, zone)
    body = replace(given, name=name, content=value.content, data=value.data, priority=value.priority)
    validation.check_whole(body)
    return body


def declared_bodies(given: list[RecordBody], zone: str) -> list[RecordBody]:
    """The bodies of a declared set; an error names the record."""
    return [_declared(number, record, zone) for number, record in enumerate(given)]


def value_of(record_type: str, given: RecordFields, zone: str) -> RecordFields:
    """The checked value: `content`, or `data` for structured types, with `priority` where the type has one."""
    if record_type in fields.FIELDS:
        return structured.value_of(record_type, given, zone)
    if given.data is not None:
        raise InvalidInput(f"{record_type} records have no data fields.", "Give the value as content.")
    content = given.content or ""
    if record_type != "TXT":
        content = content.strip()
    if not content:
        raise InvalidInput(f"{record_type} records need content.", "Give its value as content.")
    return _simple(record_type, content, given.priority, zone)


def _declared(number: int, record: RecordBody, zone: str) -> RecordBody:
    try:
        return body_of(record, zone)
    except InvalidInput as error:
        error.problem = f"records[{number}] ({record.type}): {error.problem}"
        raise


def _simple(record_type: str, content: str, priority: int | None, zone: str) -> RecordFields:
    if record_type in ("A", "AAAA"):
        return RecordFields(content=_address(record_type, content))
    if record_type == "TXT":
        return RecordFields(content=quoted(content))
    if record_type == "OPENPGPKEY":
        values.parse(record_type, content)
        return RecordFields(content=content)
    if record_type == "MX":
        return _mail(content, priority, zone)
    return RecordFields(content=_host(record_type, content, zone))


def _address(record_type: str, content: str) -> str:
    try:
        address = ipaddress.ip_address(content)
    except ValueError:
        raise InvalidInput(
            f"{record_type} records need an IP address as content.", "For a host name, use a CNAME record."
        ) from None
    family = "A" if address.version == 4 else "AAAA"
    if family != record_type:
        raise InvalidInput(
            f"That is an IPv{address.version} address, and {record_type} records take the other family.",
            f"Use type {family} for it.",
        )
    return str(address)


def _host(record_type: str, content: str, zone: str) -> str:
    if re.fullmatch(r"[\d.]+|.*:.*", content):
        raise InvalidInput(
            f"{record_type} records point to a host name, not to an address.", "Use an A or AAAA record."
        )
    return names.target_name(content, f"content of the {record_type} record", zone)


def _mail(content: str, priority: int | None, zone: str) -> RecordFields:
    if priority is None:
        raise InvalidInput("An MX record needs a priority.", "Give priority, 10 for a single mail server.")
    return RecordFields(content=content if content == "." else _host("MX", content, zone), priority=priority)
