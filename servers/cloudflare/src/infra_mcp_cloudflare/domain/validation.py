"""Whether a record can be right, told before it is sent; and the body that the API takes for it."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from infra_mcp_cloudflare.domain import fields, names, values
from infra_mcp_cloudflare.domain.txt import quoted
from infra_mcp_common.errors import InvalidInput

Body = dict[str, Any]
PROXIABLE = ("A", "AAAA", "CNAME")
_ATTRIBUTES = ("ttl", "proxied", "comment", "tags", "settings")
_UNROUTED = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    *("::/128", "::1/128", "fc00::/7", "fe80::/10"),
)


def body_of(given: Mapping[str, Any], zone: str) -> Body:
    """The checked body of a record: full name, normal value, and of the attributes only those that are given.

    `given` has type and name, content or data, and any of priority, ttl, proxied, comment, tags and settings.
    """
    record_type = given["type"]
    body: Body = {"type": record_type, "name": names.record_name(given["name"], zone)}
    body |= value_of(given, zone)
    body |= {name: given[name] for name in _ATTRIBUTES if given.get(name) is not None}
    check_whole(body)
    return body


def value_of(given: Mapping[str, Any], zone: str) -> Body:
    """The checked value: `content`, or `data` for structured types, with `priority` where the type has one."""
    record_type = given["type"]
    if record_type in fields.FIELDS:
        return _structured(record_type, given, zone)
    if given.get("data") is not None:
        raise InvalidInput(f"{record_type} records have no data fields.", "Give the value as content.")
    return _simple(record_type, given, zone)


def check_whole(body: Mapping[str, Any]) -> None:
    """A record whose parts are right each: name against type, TTL and proxy flag against each other and the value."""
    _check_name(body)
    _check_proxy(body)


def _check_proxy(body: Mapping[str, Any]) -> None:
    ttl, proxied = body.get("ttl"), bool(body.get("proxied"))
    if ttl is not None and ttl != 1 and not 30 <= ttl <= 86400:
        raise InvalidInput(
            "ttl is out of range.", "Use 60 to 86400 seconds (from 30 on Enterprise), or 1 for automatic."
        )
    if proxied and body["type"] not in PROXIABLE:
        raise InvalidInput(
            f"{body['type']} records can't be proxied.", "Only A, AAAA and CNAME can; leave proxied out."
        )
    if proxied and ttl not in (None, 1):
        raise InvalidInput("A proxied record has an automatic TTL.", "Leave ttl out, or set it to 1.")
    if proxied and body["type"] != "CNAME" and _is_unrouted(body["content"]):
        raise InvalidInput(
            f"{body['content']} is not reachable from the internet, so it can't be proxied.",
            "Set proxied to false, or use a public address or a tunnel.",
        )


def _structured(record_type: str, given: Mapping[str, Any], zone: str) -> Body:
    line = given.get("content") or ""
    if line and given.get("data"):
        raise InvalidInput("Both content and data are given.", "Give the value by one of them.")
    if given.get("data"):
        line = values.presentation({"type": record_type, "data": _complete(record_type, given, zone)})
    elif not line:
        wanted = ", ".join(fields.FIELDS[record_type])
        raise InvalidInput(f"{record_type} records need data.", f"Its fields: {wanted}.")
    # Through the parser and back, so that what is sent is what was understood.
    data = fields.from_text(record_type, values.line(values.parse(record_type, line)))
    _check_meaning(record_type, data)
    # The API has the priority of a URI record beside its data, that of an SRV record inside.
    return {"priority": data.pop("priority"), "data": data} if record_type == "URI" else {"data": data}


def _complete(record_type: str, given: Mapping[str, Any], zone: str) -> Body:
    data = dict(given["data"])
    if record_type in ("SRV", "URI") and given.get("priority") is not None:
        data.setdefault("priority", given["priority"])
    wanted = fields.FIELDS[record_type]
    optional = fields.OPTIONAL.get(record_type, {})
    missing = [name for name in wanted if name not in data and name not in optional]
    unknown = [name for name in data if name not in wanted]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has no {', '.join(unknown)}"
        raise InvalidInput(f"The data of the {record_type} record {wrong}.", f"Its fields: {', '.join(wanted)}.")
    return _with_hosts(record_type, data, zone)


def _with_hosts(record_type: str, data: Body, zone: str) -> Body:
    field = {"SRV": "target", "HTTPS": "target", "SVCB": "target", "NAPTR": "replacement"}.get(record_type)
    if field and data[field] != ".":
        data[field] = names.target_name(str(data[field]), field, zone)
    return data


def _check_meaning(record_type: str, data: Body) -> None:
    """What the syntax lets pass but can't be meant."""
    if record_type == "CAA" and data["tag"] == "iodef" and not re.match(r"(mailto:|https?://)", data["value"]):
        raise InvalidInput("A CAA iodef value is a URL.", "Write mailto:name@host or an https URL.")
    digits = {1: 40, 2: 64}.get(data["type"]) if record_type == "SSHFP" else None
    if digits and len(data["fingerprint"]) != digits:
        raise InvalidInput(
            f"The fingerprint does not have the length of type {data['type']}.",
            f"It takes {digits} hexadecimal digits.",
        )


def _simple(record_type: str, given: Mapping[str, Any], zone: str) -> Body:
    content = (given.get("content") or "").strip() if record_type != "TXT" else given.get("content") or ""
    if not content:
        raise InvalidInput(f"{record_type} records need content.", "Give its value as content.")
    if record_type in ("A", "AAAA"):
        return {"content": _address(record_type, content)}
    if record_type == "TXT":
        return {"content": quoted(content)}
    if record_type == "OPENPGPKEY":
        values.parse(record_type, content)
        return {"content": content}
    if record_type == "MX":
        return _mail(content, given.get("priority"), zone)
    return {"content": _host(record_type, content, zone)}


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


def _mail(content: str, priority: Any, zone: str) -> Body:
    if priority is None:
        raise InvalidInput("An MX record needs a priority.", "Give priority, 10 for a single mail server.")
    return {"content": content if content == "." else _host("MX", content, zone), "priority": priority}


def _check_name(body: Mapping[str, Any]) -> None:
    if body["type"] == "CNAME" and body["content"] == body["name"]:
        raise InvalidInput("A CNAME record can't point to itself.", "Point it to another name.")
    if body["type"] == "SRV" and not re.match(r"_[^.]+\._[^.]+(\.|$)", body["name"]):
        raise InvalidInput("The name of an SRV record begins with service and protocol.", "As in _sip._tcp.")


def _is_unrouted(content: str) -> bool:
    address = ipaddress.ip_address(content)
    networks = map(ipaddress.ip_network, _UNROUTED)
    return any(network.version == address.version and address in network for network in networks)
