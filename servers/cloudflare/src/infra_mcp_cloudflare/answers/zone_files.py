"""Copies of a zone: as a zone file, or kept as a snapshot."""

from collections import Counter
from pathlib import Path

from pydantic import Field

from infra_mcp_cloudflare.answers.base import Answer
from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_common.results import Output


class ZoneFile(Answer):
    """A zone in BIND format. Where it is long, the rest is read with read_output."""

    zone: str
    bind: Output

    @classmethod
    def of(cls, zone: Zone, bind: Output, *, rate_limit: str | None) -> "ZoneFile":
        return cls(zone=zone.name, bind=bind, rate_limit=rate_limit)


class Snapshot(Answer):
    """A copy of all records of a zone, kept on this machine."""

    zone: str
    snapshot: str = Field(description="Pass to restore_zone")
    records: int
    by_type: dict[str, int]
    file: str

    @classmethod
    def of(
        cls, zone: Zone, snapshot: str, file: Path, records: list[DnsRecord], *, rate_limit: str | None
    ) -> "Snapshot":
        return cls(
            zone=zone.name,
            snapshot=snapshot,
            records=len(records),
            by_type=dict(sorted(Counter(record.type for record in records).items())),
            file=str(file),
            rate_limit=rate_limit,
        )
