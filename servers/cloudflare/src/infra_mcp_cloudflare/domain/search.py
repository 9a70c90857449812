"""What a search over all zones found."""

from dataclasses import dataclass

from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.domain.zone import Zone


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """records: each with its zone. not_allowed: zones that the operator's target lists leave out."""

    records: tuple[tuple[Zone, DnsRecord], ...]
    zones_searched: int
    zones_not_allowed: int
    more: bool
