"""Zone files in BIND format, read by dnspython: to checked records, with Cloudflare's comments, tags and proxy flags.

Directives that read files or make records by the thousand are refused.
"""

import re
from typing import TYPE_CHECKING, Any

from infra_mcp_cloudflare.domain import fields, values
from infra_mcp_cloudflare.domain.normalization import body_of
from infra_mcp_cloudflare.domain.record import PROXIABLE, RecordBody
from infra_mcp_common.errors import InvalidInput

if TYPE_CHECKING:
    from dns.rdata import Rdata

_DIRECTIVES = ("$ORIGIN", "$TTL")
_TAGS = re.compile(r"(?:^|\s)cf_tags=(.*)$")
_TAG = re.compile(r'[\w-]+(?::(?:"(?:[^"\\]|\\.)*"|[^,"]*))?')


def read(text: str, zone: str) -> tuple[list[RecordBody], int]:
    """The bodies of the records in a zone file, and how many entries were left out.

    Left out are SOA and the zone's own NS records: Cloudflare answers for those itself.
    """
    bodies: list[RecordBody] = []
    left_out = 0
    for name, ttl, rdata in _entries(text, zone):
        record_type = rdata.rdtype.name
        if record_type == "SOA" or (record_type == "NS" and name == zone):
            left_out += 1
        elif record_type not in fields.TYPES:
            raise InvalidInput(
                f"The zone file has a {record_type} record, which Cloudflare does not know.", "Remove it."
            )
        else:
            bodies.append(_body(name, ttl, rdata, zone))
    return bodies, left_out


def _entries(text: str, zone: str) -> "list[tuple[str, int, Rdata]]":
    from dns import name, rdataclass, tokenizer, zonefile
    from dns.exception import DNSException

    found: list[tuple[str, int, Rdata]] = []

    class Collected(zonefile.RRsetsReaderTransaction):
        """Keeps every entry as it comes: Cloudflare's own exports have a CNAME beside others at the apex."""

        def add(self, *entry: Any) -> None:
            owner, ttl, rdata = entry
            found.append((owner.to_text(omit_final_dot=True).lower(), int(ttl), rdata))

    origin = name.from_text(zone)
    manager = zonefile.RRSetsReaderManager(origin, relativize=False, rdclass=rdataclass.IN)
    entries = Collected(manager, True, False)  # type: ignore[no-untyped-call]
    reader = zonefile.Reader(
        tokenizer.Tokenizer(text, "zone file"), rdataclass.IN, entries, allow_directives=_DIRECTIVES, default_ttl=1
    )
    try:
        reader.read()
    except (DNSException, ValueError) as error:
        raise InvalidInput(f"The zone file can't be read: {str(error)[:300]}.", "Correct that line.") from None
    return found


def _body(name: str, ttl: int, rdata: "Rdata", zone: str) -> RecordBody:
    record_type = rdata.rdtype.name
    comment, tags, proxied = _marks(rdata.rdcomment or "")
    if record_type not in PROXIABLE:
        proxied = None
    priority, content = _priority_and_content(record_type, values.line(rdata))
    given = RecordBody(
        type=record_type,
        name=f"{name}.",
        content=content,
        priority=priority,
        ttl=1 if proxied else ttl,
        proxied=proxied,
        comment=comment or None,
        tags=tags or None,
    )
    return body_of(given, zone)


def _priority_and_content(record_type: str, line: str) -> tuple[int | None, str]:
    if record_type != "MX":
        return None, line
    priority, _, host = line.partition(" ")
    return int(priority), host


def _marks(comment: str) -> tuple[str, list[str], bool | None]:
    """Comment, tags and proxy flag from what follows the `;` of a line."""
    text = comment.strip()
    found = _TAGS.search(text)
    if found is None:
        return text, [], None
    marks = _TAG.findall(found[1])
    flags = {mark.partition(":")[2] for mark in marks if mark.startswith("cf-proxied:")}
    tags = [mark for mark in marks if not mark.startswith("cf-")]
    return text[: found.start()].strip(), tags, (flags == {"true"}) if flags else None
