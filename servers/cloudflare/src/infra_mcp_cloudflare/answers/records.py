"""One DNS record. Its fields keep the names of Cloudflare's own."""

from typing import Any, Literal, Self

from pydantic import Field

from infra_mcp_cloudflare.answers.base import Answer
from infra_mcp_cloudflare.domain.record import DnsRecord, Upsert
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_common.results import Result


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
    def of(cls, record: DnsRecord) -> "Record":
        """Without what is empty."""
        return cls.model_validate({**record.as_json(), "proxied": record.proxied or None})


class OneRecord(Answer):
    """One record with everything it has."""

    zone: str
    record: Record

    @classmethod
    def of(cls, zone: Zone, record: DnsRecord, *, rate_limit: str | None) -> Self:
        return cls(zone=zone.name, record=Record.of(record), rate_limit=rate_limit)


class CreatedRecord(OneRecord):
    """The record that was added."""


class UpdatedRecord(Answer):
    """A record before and after. Nothing was sent where `changed` is empty."""

    zone: str
    changed: list[str]
    before: Record
    after: Record

    @classmethod
    def of(cls, zone: Zone, before: DnsRecord, done: Upsert, *, rate_limit: str | None) -> "UpdatedRecord":
        return cls(
            zone=zone.name,
            changed=list(done.changed),
            before=Record.of(before),
            after=Record.of(done.after),
            rate_limit=rate_limit,
        )


class UpsertedRecord(Answer):
    """What became of the record: created, updated, or unchanged and nothing sent."""

    zone: str
    outcome: Literal["created", "updated", "unchanged"]
    changed: list[str] | None = None
    before: Record | None = None
    after: Record

    @classmethod
    def of(cls, zone: Zone, done: Upsert, *, rate_limit: str | None) -> "UpsertedRecord":
        return cls(
            zone=zone.name,
            outcome=done.outcome,
            changed=list(done.changed) or None,
            before=Record.of(done.before) if done.before else None,
            after=Record.of(done.after),
            rate_limit=rate_limit,
        )


class DeletedRecord(Answer):
    """The record that is gone. Its fields put it back with create_dns_record."""

    zone: str
    deleted: Record

    @classmethod
    def of(cls, zone: Zone, record: DnsRecord, *, rate_limit: str | None) -> "DeletedRecord":
        return cls(zone=zone.name, deleted=Record.of(record), rate_limit=rate_limit)
