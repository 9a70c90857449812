"""The values of structured types, given by field or in one line, checked and in the API's form."""

import re

from infra_mcp_cloudflare.domain import fields, names, values
from infra_mcp_cloudflare.domain.record import Data, RecordFields
from infra_mcp_common.errors import InvalidInput


def value_of(record_type: str, given: RecordFields, zone: str) -> RecordFields:
    """The checked value as `data`, and for a URI record its priority beside it."""
    # Through the parser and back, so that what is sent is what was understood.
    line = values.line(values.parse(record_type, _line(record_type, given, zone)))
    data = fields.from_text(record_type, line)
    _check_meaning(record_type, data)
    # The API has the priority of a URI record beside its data, that of an SRV record inside.
    return RecordFields(priority=int(data.pop("priority")) if record_type == "URI" else None, data=data)


def _line(record_type: str, given: RecordFields, zone: str) -> str:
    if given.content and given.data:
        raise InvalidInput("Both content and data are given.", "Give the value by one of them.")
    if given.data:
        return values.presentation(
            record_type, RecordFields(data=_complete(record_type, given.data, given.priority, zone))
        )
    if not given.content:
        wanted = ", ".join(fields.FIELDS[record_type])
        raise InvalidInput(f"{record_type} records need data.", f"Its fields: {wanted}.")
    return given.content


def _complete(record_type: str, given: Data, priority: int | None, zone: str) -> Data:
    data = dict(given)
    if record_type in ("SRV", "URI") and priority is not None:
        data.setdefault("priority", priority)
    wanted = fields.FIELDS[record_type]
    optional = fields.OPTIONAL.get(record_type, {})
    missing = [name for name in wanted if name not in data and name not in optional]
    unknown = [name for name in data if name not in wanted]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has no {', '.join(unknown)}"
        raise InvalidInput(f"The data of the {record_type} record {wrong}.", f"Its fields: {', '.join(wanted)}.")
    return _with_full_host(record_type, data, zone)


def _with_full_host(record_type: str, data: Data, zone: str) -> Data:
    field = {"SRV": "target", "HTTPS": "target", "SVCB": "target", "NAPTR": "replacement"}.get(record_type)
    if field and data[field] != ".":
        data[field] = names.target_name(str(data[field]), field, zone)
    return data


def _check_meaning(record_type: str, data: Data) -> None:
    """What the syntax lets pass but can't be meant."""
    if record_type == "CAA" and data["tag"] == "iodef" and not re.match(r"(mailto:|https?://)", str(data["value"])):
        raise InvalidInput("A CAA iodef value is a URL.", "Write mailto:name@host or an https URL.")
    digits = {1: 40, 2: 64}.get(int(data["type"])) if record_type == "SSHFP" else None
    if digits and len(str(data["fingerprint"])) != digits:
        raise InvalidInput(
            f"The fingerprint does not have the length of type {data['type']}.",
            f"It takes {digits} hexadecimal digits.",
        )
