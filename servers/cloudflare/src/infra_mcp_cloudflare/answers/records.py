"""What the tools take and return. Records keep the names of Cloudflare's own fields."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from infra_mcp_cloudflare.transport import rate_limit
from infra_mcp_common.results import Output, Page, Result

RecordType = Literal[
    "A", "AAAA", "CAA", "CERT", "CNAME", "DNSKEY", "DS", "HTTPS", "LOC", "MX", "NAPTR", "NS", "OPENPGPKEY", "PTR",
    "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
]  # fmt: skip
_LONGEST_SHOWN = 300


class Answer(Result):
    """Base of all answers."""

    rate_limit: str | None = Field(default=None, description="Said when the token's requests run out")

    @model_validator(mode="after")
    def _warn(self) -> "Answer":
        self.rate_limit = self.rate_limit or rate_limit.warning()
        return self


def _without_bounds(schema: dict[str, Any]) -> None:
    """Leave to the check what nobody reads: four tools list these fields to every client at every start."""
    for choice in (choice for field in schema["properties"].values() for choice in field["anyOf"]):
        for bound in ("minimum", "maximum", "exclusiveMaximum"):
            choice.pop(bound, None)


class RecordData(BaseModel):
    """The value of a structured record, by field. CAA: flags tag value. SRV: priority weight port target. URI: priority
    weight target. HTTPS, SVCB: priority target value. TLSA, SMIMEA: usage selector matching_type certificate. SSHFP:
    algorithm type fingerprint. DS: key_tag algorithm digest_type digest. DNSKEY: flags protocol algorithm public_key.
    CERT: type key_tag algorithm certificate. NAPTR: order preference flags service regex replacement. LOC: the rest.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_bounds)

    priority: int | None = Field(default=None, ge=0, le=65535)
    weight: int | None = Field(default=None, ge=0, le=65535)
    port: int | None = Field(default=None, ge=0, le=65535)
    target: str | None = None
    flags: int | str | None = None
    tag: str | None = None
    value: str | None = None
    usage: int | None = Field(default=None, ge=0, le=255)
    selector: int | None = Field(default=None, ge=0, le=255)
    matching_type: int | None = Field(default=None, ge=0, le=255)
    certificate: str | None = None
    algorithm: int | None = Field(default=None, ge=0, le=255)
    type: int | None = Field(default=None, ge=0, le=65535)
    fingerprint: str | None = None
    key_tag: int | None = Field(default=None, ge=0, le=65535)
    digest_type: int | None = Field(default=None, ge=0, le=255)
    digest: str | None = None
    protocol: int | None = Field(default=None, ge=0, le=255)
    public_key: str | None = None
    order: int | None = Field(default=None, ge=0, le=65535)
    preference: int | None = Field(default=None, ge=0, le=65535)
    service: str | None = None
    regex: str | None = None
    replacement: str | None = None
    lat_degrees: int | None = Field(default=None, ge=0, le=90)
    lat_minutes: int | None = Field(default=None, ge=0, le=59)
    lat_seconds: float | None = Field(default=None, ge=0, lt=60)
    lat_direction: Literal["N", "S"] | None = None
    long_degrees: int | None = Field(default=None, ge=0, le=180)
    long_minutes: int | None = Field(default=None, ge=0, le=59)
    long_seconds: float | None = Field(default=None, ge=0, lt=60)
    long_direction: Literal["E", "W"] | None = None
    altitude: float | None = Field(default=None, ge=-100_000, le=42849672.95, description="Metres, like the next three")
    size: float | None = Field(default=None, ge=0, le=90_000_000)
    precision_horz: float | None = Field(default=None, ge=0, le=90_000_000)
    precision_vert: float | None = Field(default=None, ge=0, le=90_000_000)


class RecordSettings(BaseModel):
    """Settings of a single record."""

    model_config = ConfigDict(extra="forbid")

    ipv4_only: bool | None = Field(default=None, description="Proxied records: answer with IPv4 only")
    ipv6_only: bool | None = Field(default=None, description="Proxied records: answer with IPv6 only")
    flatten_cname: bool | None = Field(default=None, description="CNAME: answer with its addresses")


class Declared(BaseModel):
    """A record as it should be. Of ttl, proxied, comment, tags and settings, what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    type: RecordType
    name: str = Field(description="@, relative or full")
    content: str | None = Field(default=None, description="The value; structured types take data or one line of text")
    data: RecordData | None = None
    priority: int | None = Field(default=None, ge=0, le=65535, description="Of an MX record")
    ttl: int | None = Field(default=None, description="Seconds, 1 for automatic")
    proxied: bool | None = None
    comment: str | None = None
    tags: list[str] | None = None
    settings: RecordSettings | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were given, as plain data."""
        return self.model_dump(exclude_none=True)


class Record(Result):
    """A DNS record as Cloudflare holds it."""

    id: str
    type: str
    name: str = Field(description="Full name, in Punycode")
    content: str
    priority: int | None = None
    data: dict[str, Any] | None = None
    ttl: int = Field(description="Seconds; 1 is automatic")
    proxied: bool | None = None
    comment: str | None = None
    tags: list[str] | None = None
    settings: dict[str, Any] | None = None
    modified_on: str | None = None

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Record":
        """From the API's form, without what is empty."""
        optional = ("comment", "tags", "settings", "proxied", "data")
        return cls.model_validate({key: value or None if key in optional else value for key, value in raw.items()})


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
    def of(cls, raw: dict[str, Any], zone: str | None = None) -> "RecordRow":
        """From the API's form; long content is cut."""
        content = raw["content"]
        long = len(content) > _LONGEST_SHOWN
        shown = {key: raw.get(key) or None for key in ("proxied", "comment", "tags")}
        shown |= {key: raw.get(key) for key in ("id", "type", "name", "ttl", "priority")}
        size = {"content": content[:_LONGEST_SHOWN], "content_bytes": len(content.encode())} if long else {}
        return cls.model_validate({"content": content, **shown, **size, "zone": zone})


class Records(Answer):
    """A part of a list of records."""

    zone: str
    records: list[RecordRow]
    page: Page


class FoundRecords(Answer):
    """What was found across zones."""

    records: list[RecordRow]
    zones_searched: int
    zones_not_allowed: int | None = Field(default=None, description="Zones left out by the operator's target lists")
    more: bool | None = Field(default=None, description="There are more; narrow the search")


class OneRecord(Answer):
    """One record with everything it has."""

    zone: str
    record: Record


class CreatedRecord(OneRecord):
    """The record that was added."""


class UpdatedRecord(Answer):
    """A record before and after. Nothing was sent where `changed` is empty."""

    zone: str
    changed: list[str]
    before: Record
    after: Record


class UpsertedRecord(Answer):
    """What became of the record: created, updated, or unchanged and nothing sent."""

    zone: str
    outcome: Literal["created", "updated", "unchanged"]
    changed: list[str] | None = None
    before: Record | None = None
    after: Record


class DeletedRecord(Answer):
    """The record that is gone. Its fields put it back with create_dns_record."""

    zone: str
    deleted: Record


class ZoneRow(Result):
    """A zone in a list."""

    id: str
    name: str
    status: str
    plan: str | None = None
    account: str | None = None


class Zones(Answer):
    """A part of the list of zones."""

    zones: list[ZoneRow]
    page: Page


class ZoneId(Answer):
    """The id behind a zone's name."""

    id: str
    name: str


class ZoneDetails(Answer):
    """A zone."""

    id: str
    name: str
    status: str
    paused: bool | None = None
    type: str | None = None
    plan: str | None = None
    account: str | None = None
    name_servers: list[str]
    original_name_servers: list[str] | None = None
    created_on: str | None = None
    activated_on: str | None = None


class PlannedUpdate(Result):
    """A record that would change, and to what."""

    id: str
    type: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]


class PlanSummary(Result):
    """What is to be done, deletes first. The lists are cut at 50 entries; the counts are not."""

    zone: str
    to_delete: int
    to_update: int
    to_create: int
    unchanged: int
    batches: int = Field(description="Transactions of at most 200 operations; one is all or nothing")
    deletes: list[RecordRow]
    updates: list[PlannedUpdate]
    creates: list[dict[str, Any]]


class Applied(Answer):
    """What was done."""

    zone: str
    deleted: int
    updated: int
    created: int
    unchanged: int
    left_out: int | None = Field(
        default=None, description="SOA and own NS entries of a zone file, which Cloudflare provides"
    )


class ZoneFile(Answer):
    """A zone in BIND format. Where it is long, the rest is read with read_output."""

    zone: str
    bind: Output


class Snapshot(Answer):
    """A copy of all records of a zone, kept on this machine."""

    zone: str
    snapshot: str = Field(description="Pass to restore_zone")
    records: int
    by_type: dict[str, int]
    file: str


class ZoneSetting(Result):
    """A setting of a zone."""

    id: str
    value: Any
    editable: bool | None = None
    modified_on: str | None = None


class ZoneSettings(Answer):
    """Settings of a zone."""

    zone: str
    settings: list[ZoneSetting]


class UpdatedSetting(Answer):
    """A setting before and after; the same where nothing had to be sent."""

    zone: str
    id: str
    before: Any
    after: Any
    changed: bool


class Dnssec(Answer):
    """DNSSEC of a zone; `ds` is what the registrar needs."""

    zone: str
    status: str
    ds: str | None = None
    key_tag: int | None = None
    algorithm: str | None = None
    digest_type: str | None = None
    digest: str | None = None
    public_key: str | None = None
    flags: int | None = None


class Purged(Answer):
    """What was purged from the cache."""

    zone: str
    purged: str


class TokenReport(Answer):
    """The token itself and what it may read. What it may change shows only when it changes something."""

    status: str
    id: str
    expires_on: str | None = None
    zones_visible: int
    tried_on: str | None = Field(default=None, description="The zone that the rights were tried on")
    rights: dict[str, bool] = Field(description="Permission as the dashboard calls it, and whether it is there")
