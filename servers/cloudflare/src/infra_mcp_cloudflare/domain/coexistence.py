"""What may stand beside what at one name. A CNAME at the apex is flattened by Cloudflare and may have others."""

from collections.abc import Iterable
from typing import TypeVar

from infra_mcp_cloudflare.domain.record import DnsRecord, RecordBody
from infra_mcp_common.errors import Conflict

_Body = TypeVar("_Body", bound=RecordBody)
_ADDRESSES = frozenset(("A", "AAAA", "CNAME"))


def excludes(first: RecordBody, second: RecordBody, zone: str) -> bool:
    """Whether two records of the same name can't both be there."""
    types = {first.type, second.type}
    at_apex = first.name == zone
    if "CNAME" in types:
        return types <= _ADDRESSES or not at_apex
    return "NS" in types and not at_apex and bool(types - {"NS", "DS"})


def conflicts(record: RecordBody, others: Iterable[_Body], zone: str) -> list[_Body]:
    """Those of the others that the record can't stand beside."""
    return [other for other in others if other.name == record.name and excludes(record, other, zone)]


def check(record: RecordBody, present: Iterable[DnsRecord], zone: str) -> None:
    """Refuse a record that can't stand beside those that are there."""
    clash = conflicts(record, present, zone)
    if clash:
        raise Conflict(
            f"{record.type} {record.name} can't stand beside the {clash[0].type} record {clash[0].id} there.",
            "Change or delete that one, or replace it in one step with apply_dns_records.",
        )
