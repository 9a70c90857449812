"""What may stand beside what at one name. A CNAME at the apex is flattened by Cloudflare and may have others."""

from collections.abc import Iterable, Mapping
from typing import Any

Record = Mapping[str, Any]
_ADDRESSES = frozenset(("A", "AAAA", "CNAME"))


def excludes(first: Record, second: Record, zone: str) -> bool:
    """Whether two records of the same name can't both be there."""
    types = {first["type"], second["type"]}
    at_apex = first["name"] == zone
    if "CNAME" in types:
        return types <= _ADDRESSES or not at_apex
    return "NS" in types and not at_apex and bool(types - {"NS", "DS"})


def conflicts(record: Record, others: Iterable[Record], zone: str) -> list[Record]:
    """Those of the others that the record can't stand beside."""
    return [other for other in others if other["name"] == record["name"] and excludes(record, other, zone)]
