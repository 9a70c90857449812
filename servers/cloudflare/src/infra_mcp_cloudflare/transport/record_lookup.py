"""Which record is meant, by id or by name."""

from infra_mcp_cloudflare.domain import names, values
from infra_mcp_cloudflare.domain.record import DnsRecord
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_common.errors import Conflict, NotFound

_MOST_NAMED = 20


async def one_record(
    api: CloudflareApi, zone: Zone, record: str, record_type: str | None, content: str | None
) -> DnsRecord:
    """The one record that is meant; NotFound where there is none, Conflict with the ids where there are several."""
    if names.is_id(record):
        return await api.records.get(zone, record.strip().lower())
    name = names.record_name(record, zone.name)
    found = await api.records.list_all(zone, name=name, type=record_type)
    if content is not None:
        found = [each for each in found if values.has_content(each, content)]
    if not found:
        what = " ".join(filter(None, [record_type, name, "with that content" if content else ""]))
        raise NotFound(f"{zone.name} has no record {what}.", "Look with list_dns_records.")
    if len(found) > 1:
        listed = "\n".join(f"{each.id} {each.type} {each.content[:80]}" for each in found[:_MOST_NAMED])
        raise Conflict(f"{name} has {len(found)} such records.", "Give the id, or type and content.", said=listed)
    return found[0]
