"""What the tools take as records, as types."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from infra_mcp_cloudflare.domain.record import RecordBody, RecordType


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

    def body(self) -> RecordBody:
        """The fields that were given."""
        return RecordBody(**self.model_dump(exclude_none=True))


def plain(model: BaseModel | None) -> dict[str, Any] | None:
    """The fields of the model that were given."""
    return model.model_dump(exclude_none=True) if model else None
