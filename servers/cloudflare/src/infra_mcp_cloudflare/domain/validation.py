"""Whether a record can be right as a whole, told before it is sent."""

import ipaddress
import re

from infra_mcp_cloudflare.domain.record import PROXIABLE, RecordBody
from infra_mcp_common.errors import InvalidInput

_UNROUTED = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    *("::/128", "::1/128", "fc00::/7", "fe80::/10"),
)


def check_whole(body: RecordBody) -> None:
    """A record whose parts are right each: name against type, TTL and proxy flag against each other and the value."""
    _check_name(body)
    _check_ttl(body)
    if body.proxied:
        _check_proxy(body)


def _check_name(body: RecordBody) -> None:
    if body.type == "CNAME" and body.content == body.name:
        raise InvalidInput("A CNAME record can't point to itself.", "Point it to another name.")
    if body.type == "SRV" and not re.match(r"_[^.]+\._[^.]+(\.|$)", body.name):
        raise InvalidInput("The name of an SRV record begins with service and protocol.", "As in _sip._tcp.")


def _check_ttl(body: RecordBody) -> None:
    if body.ttl is not None and body.ttl != 1 and not 30 <= body.ttl <= 86400:
        raise InvalidInput(
            "ttl is out of range.", "Use 60 to 86400 seconds (from 30 on Enterprise), or 1 for automatic."
        )


def _check_proxy(body: RecordBody) -> None:
    if body.type not in PROXIABLE:
        raise InvalidInput(f"{body.type} records can't be proxied.", "Only A, AAAA and CNAME can; leave proxied out.")
    if body.ttl not in (None, 1):
        raise InvalidInput("A proxied record has an automatic TTL.", "Leave ttl out, or set it to 1.")
    if body.type != "CNAME" and _is_unrouted(body.content or ""):
        raise InvalidInput(
            f"{body.content} is not reachable from the internet, so it can't be proxied.",
            "Set proxied to false, or use a public address or a tunnel.",
        )


def _is_unrouted(content: str) -> bool:
    address = ipaddress.ip_address(content)
    networks = map(ipaddress.ip_network, _UNROUTED)
    return any(network.version == address.version and address in network for network in networks)
