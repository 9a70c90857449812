"""Lists of DNS records: of one zone, or found in several."""

from pydantic import Field

from infra_mcp_cloudflare.answers.base import Answer, page_of
from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.domain.search import SearchResult
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_common.results import Page, Result

_LONGEST_SHOWN = 300


class RecordRow(Result):
    """A record in a list."""

    id: str
    type: str
    name: str
    content: str
    ttl: int
    priority: int | None = None
    proxied: bool | None = None
    comment: str | None = None
    tags: list[str] | None = None
    zone: str | None = None
    content_bytes: int | None = Field(default=None, description="Size of the whole content where it was cut here")

    @classmethod
    def of(cls, record: DnsRecord, zone: str | None = None) -> "RecordRow":
        """Without what is empty; long content is cut."""
        cut = len(record.content) > _LONGEST_SHOWN
        return cls(
            id=record.id,
            type=record.type,
            name=record.name,
            content=record.content[:_LONGEST_SHOWN],
            content_bytes=len(record.content.encode()) if cut else None,
            ttl=record.ttl or 1,
            priority=record.priority,
            proxied=record.proxied or None,
            comment=record.comment,
            tags=record.tags,
            zone=zone,
        )


class Records(Answer):
    """A part of a list of records."""

    zone: str
    records: list[RecordRow]
    page: Page

    @classmethod
    def of(cls, zone: Zone, records: list[DnsRecord], total: int, offset: int, *, rate_limit: str | None) -> "Records":
        rows = [RecordRow.of(record) for record in records]
        return cls(zone=zone.name, records=rows, page=page_of(total, offset, len(rows)), rate_limit=rate_limit)


class FoundRecords(Answer):
    """What was found across zones."""

    records: list[RecordRow]
    zones_searched: int
    zones_not_allowed: int | None = Field(default=None, description="Zones left out by the operator's target lists")
    more: bool | None = Field(default=None, description="There are more; narrow the search")

    @classmethod
    def of(cls, result: SearchResult, *, rate_limit: str | None) -> "FoundRecords":
        return cls(
            records=[RecordRow.of(record, zone.name) for zone, record in result.records],
            zones_searched=result.zones_searched,
            zones_not_allowed=result.zones_not_allowed or None,
            more=result.more or None,
            rate_limit=rate_limit,
        )
