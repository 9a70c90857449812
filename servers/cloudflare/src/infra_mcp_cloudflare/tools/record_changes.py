"""Changes of single DNS records: create, update, upsert, delete."""

from typing import Annotated

from pydantic import Field

from infra_mcp_cloudflare.answers.records import CreatedRecord, DeletedRecord, UpdatedRecord, UpsertedRecord
from infra_mcp_cloudflare.domain.record import RecordBody, RecordChanges
from infra_mcp_cloudflare.safety import record_changes
from infra_mcp_cloudflare.tools import parameters as arg
from infra_mcp_cloudflare.tools.record_models import plain
from infra_mcp_cloudflare.transport.record_lookup import one_record
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool


@tool("write", timeout=120)
async def create_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    type: arg.Type,  # noqa: A002
    name: arg.RecordName,
    content: arg.Content = None,
    data: arg.Data = None,
    priority: arg.Priority = None,
    ttl: arg.Ttl = None,
    proxied: arg.Proxied = None,
    comment: arg.Comment = None,
    tags: arg.Tags = None,
    settings: arg.Settings = None,
) -> CreatedRecord:
    """Create a DNS record, after checking it and what is already at its name."""
    found = await api.zones.named(zone)
    given = RecordBody(
        type=type,
        name=name,
        content=content,
        data=plain(data),
        priority=priority,
        ttl=ttl,
        proxied=proxied,
        comment=comment,
        tags=tags,
        settings=plain(settings),
    )
    created = await record_changes.create(api, found, given)
    return CreatedRecord.of(found, created, rate_limit=api.rate_limit.warning)


@tool("write", timeout=120)
async def update_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
    name: Annotated[str | None, Field(description="New name")] = None,
    content: arg.Content = None,
    data: arg.Data = None,
    priority: arg.Priority = None,
    ttl: arg.Ttl = None,
    proxied: arg.Proxied = None,
    comment: arg.Comment = None,
    tags: arg.Tags = None,
    settings: arg.Settings = None,
) -> UpdatedRecord:
    """Change a DNS record: only what is given and differs is sent; comment, tags, proxy and the rest stay."""
    found = await api.zones.named(zone)
    wanted = RecordChanges(
        name=name,
        content=content,
        data=plain(data),
        priority=priority,
        ttl=ttl,
        proxied=proxied,
        comment=comment,
        tags=tags,
        settings=plain(settings),
    )
    before = await one_record(api, found, record, type, current_content)
    done = await record_changes.update(api, found, before, wanted)
    return UpdatedRecord.of(found, before, done, rate_limit=api.rate_limit.warning)


@tool("write", timeout=120)
async def upsert_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    type: arg.Type,  # noqa: A002
    name: arg.RecordName,
    content: arg.Content = None,
    data: arg.Data = None,
    priority: arg.Priority = None,
    ttl: arg.Ttl = None,
    proxied: arg.Proxied = None,
    comment: arg.Comment = None,
    tags: arg.Tags = None,
    settings: arg.Settings = None,
    current_content: arg.SelectedContent = None,
) -> UpsertedRecord:
    """Make a name have this one record of its type: create it, change the one that is there, or leave it as it is.

    Where the name has several records of the type, current_content says which is to change.
    """
    found = await api.zones.named(zone)
    given = RecordBody(
        type=type,
        name=name,
        content=content,
        data=plain(data),
        priority=priority,
        ttl=ttl,
        proxied=proxied,
        comment=comment,
        tags=tags,
        settings=plain(settings),
    )
    done = await record_changes.upsert(api, found, given, current_content)
    return UpsertedRecord.of(found, done, rate_limit=api.rate_limit.warning)


async def preview_delete(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
) -> Preview:
    found = await api.zones.named(zone)
    meant = await record_changes.to_delete(api, found, record, type, current_content)
    return record_changes.preview_delete(found, meant)


@tool("destructive", timeout=120, preview=preview_delete)
async def delete_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
) -> DeletedRecord:
    """Delete a DNS record and answer with all of it, so that it can be put back."""
    found = await api.zones.named(zone)
    meant = await record_changes.to_delete(api, found, record, type, current_content)
    await record_changes.delete(api, found, meant)
    return DeletedRecord.of(found, meant, rate_limit=api.rate_limit.warning)
