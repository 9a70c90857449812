"""Arguments that several tools take, described once."""

from typing import Annotated

from mcp.server.mcpserver.resolve import Resolve
from pydantic import Field

from infra_mcp_cloudflare.domain.record import RecordType
from infra_mcp_cloudflare.tools.record_models import RecordData, RecordSettings
from infra_mcp_cloudflare.transport.api import CloudflareApi
from infra_mcp_cloudflare.transport.connection import connect

Api = Annotated[CloudflareApi, Resolve(connect)]
ZoneName = Annotated[str, Field(description="Zone, by name or id")]
RecordName = Annotated[str, Field(description="Name of the record: @ for the zone itself, relative, or full")]
Selected = Annotated[str, Field(description="Id of the record, or its name")]
Type = Annotated[RecordType, Field(description="Type of the record")]
SelectedType = Annotated[RecordType | None, Field(description="Type, where the name has several")]
SelectedContent = Annotated[str | None, Field(description="Present content, where name and type have several")]
Content = Annotated[str | None, Field(description="The value; structured types take data or one line of text")]
Data = Annotated[RecordData | None, Field(description="The value of a structured type, by field")]
Priority = Annotated[int | None, Field(ge=0, le=65535, description="Of an MX record")]
Ttl = Annotated[int | None, Field(description="Seconds, 60 to 86400, or 1 for automatic")]
Proxied = Annotated[bool | None, Field(description="Through Cloudflare's proxy; A, AAAA and CNAME only")]
Comment = Annotated[str | None, Field(description='Note kept with the record; "" removes it')]
Tags = Annotated[list[str] | None, Field(description="As name:value, paid plans only; [] removes them")]
Settings = Annotated[RecordSettings | None, Field(description="Settings of this record")]
ShownPlan = Annotated[str | None, Field(description="The plan that a call without confirmed answered with")]
Offset = Annotated[int, Field(ge=0, description="How many to skip")]
