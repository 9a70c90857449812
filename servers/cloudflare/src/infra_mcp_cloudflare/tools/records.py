"""Single DNS records: read, create, update, upsert, delete."""

from typing import Annotated, Any

from pydantic import Field

from infra_mcp_cloudflare.answers.records import (
    CreatedRecord,
    DeletedRecord,
    OneRecord,
    Record,
    RecordRow,
    Records,
    RecordType,
    UpdatedRecord,
    UpsertedRecord,
)
from infra_mcp_cloudflare.safety import record_changes
from infra_mcp_cloudflare.tools import parameters as arg
from infra_mcp_cloudflare.transport.pages import window
from infra_mcp_cloudflare.transport.record_lookup import one_record
from infra_mcp_common.tool_calls.confirmation import Preview
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
    found = await api.zone(zone)
    filters = record_changes.filters(
        found.name,
        {
            "type": type,
            "name": name,
            "name.contains": name_contains,
            "content": content,
            "content.contains": content_contains,
            "comment.contains": comment_contains,
            "tag": tag,
            "proxied": proxied,
        },
    )
    rows, page = await window(lambda number, size: api.list_records(found, number, size, filters), offset, limit)
    return Records(zone=found.name, records=[RecordRow.of(row) for row in rows], page=page)


@tool("read")
async def get_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
) -> OneRecord:
    """Show one DNS record with everything it has."""
    found = await api.zone(zone)
    return OneRecord(zone=found.name, record=Record.of(await one_record(api, found, record, type, current_content)))


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
    found = await api.zone(zone)
    given = _given(locals())
    return CreatedRecord(zone=found.name, record=Record.of(await record_changes.create(api, found, given)))


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
    found = await api.zone(zone)
    wanted = _given(locals(), leave_out=("type",))
    before = await one_record(api, found, record, type, current_content)
    changed, after = await record_changes.update(api, found, before, wanted)
    return UpdatedRecord(zone=found.name, changed=changed, before=Record.of(before), after=Record.of(after))


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
    found = await api.zone(zone)
    given = _given(locals())
    return await record_changes.upsert(api, found, given, current_content)


async def preview_delete(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
) -> Preview:
    found = await api.zone(zone)
    raw = await record_changes.to_delete(api, found, record, type, current_content)
    return Preview(
        would=f"Delete {raw['type']} {raw['name']} from {found.name}",
        now=Record.of(raw).model_dump(mode="json"),
        confirm_with={"confirmed": True, "record": raw["id"]},
    )


@tool("destructive", timeout=120, preview=preview_delete)
async def delete_dns_record(
    api: arg.Api,
    zone: arg.ZoneName,
    record: arg.Selected,
    type: arg.SelectedType = None,  # noqa: A002
    current_content: arg.SelectedContent = None,
) -> DeletedRecord:
    """Delete a DNS record and answer with all of it, so that it can be put back."""
    found = await api.zone(zone)
    raw = await record_changes.to_delete(api, found, record, type, current_content)
    await record_changes.delete(api, found, raw)
    return DeletedRecord(zone=found.name, deleted=Record.of(raw))


_FIELDS = ("type", "name", "content", "data", "priority", "ttl", "proxied", "comment", "tags", "settings")


def _given(arguments: dict[str, Any], leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a record among a tool's arguments, as plain data, without those not given."""
    given = {field: arguments[field] for field in _FIELDS if field not in leave_out}
    plain = {
        field: value.model_dump(exclude_none=True) if hasattr(value, "model_dump") else value
        for field, value in given.items()
    }
    return {field: value for field, value in plain.items() if value is not None}
