"""DNS records as they are: listed, or one of them."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.record_lists import Records
from infra_mcp_cloudflare.answers.records import OneRecord
from infra_mcp_cloudflare.domain import names
from infra_mcp_cloudflare.domain.record import RecordFilter, RecordType
from infra_mcp_cloudflare.tools import parameters as arg
from infra_mcp_cloudflare.transport.record_lookup import one_record
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def list_dns_records(
    api: arg.Api,
    zone: arg.ZoneName,
    type: Annotated[RecordType | None, Field(description="Only this type")] = None,  # noqa: A002
    name: Annotated[str | None, Field(description="Only this name: @, relative or full")] = None,
    name_contains: Annotated[str | None, Field(description="Only names with this in them")] = None,
    content: Annotated[str | None, Field(description="Only this content")] = None,
    content_contains: Annotated[str | None, Field(description="Only content with this in it")] = None,
    comment_contains: Annotated[str | None, Field(description="Only comments with this in them")] = None,
    tag: Annotated[str | None, Field(description="Only with this tag, as name or name:value")] = None,
    proxied: Annotated[bool | None, Field(description="Only proxied, or only unproxied records")] = None,
    offset: arg.Offset = 0,
    limit: Annotated[int, Field(ge=1, le=500, description="How many at most")] = 100,
) -> Records:
    """List the DNS records of a zone, a part at a time, ordered by name."""
    found = await api.zones.named(zone)
    wanted = RecordFilter(
        type=type,
        name=None if name is None else names.record_name(name, found.name),
        name_contains=name_contains,
        content=content,
        content_contains=content_contains,
        comment_contains=comment_contains,
        tag=tag,
        proxied=proxied,
    )
    records, total = await api.records.list_window(found, wanted, offset, limit)
    return Records.of(found, records, total, offset, rate_limit=api.rate_limit.warning)


@tool("read")
async def get_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
) -> OneRecord:
    """Show one DNS record with everything it has."""
    found = await api.zones.named(zone)
    meant = await one_record(api, found, record, type, current_content)
    return OneRecord.of(found, meant, rate_limit=api.rate_limit.warning)
