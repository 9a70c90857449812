"""A DNS record: what is there, what is to be, what is to change. Its fields have the names of Cloudflare's API."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeVar

RecordType = Literal[
    "A", "AAAA", "CAA", "CERT", "CNAME", "DNSKEY", "DS", "HTTPS", "LOC", "MX", "NAPTR", "NS", "OPENPGPKEY", "PTR",
    "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI",
]  # fmt: skip
PROXIABLE = ("A", "AAAA", "CNAME")
# The value of a structured type, by field.
Data = dict[str, int | float | str]
_Body = TypeVar("_Body", bound="RecordBody")


@dataclass(frozen=True, kw_only=True)
class RecordFields:
    """What can be set of a record. What is None stays as it is, or gets its default."""

    content: str | None = None
    data: Data | None = None
    priority: int | None = None
    ttl: int | None = None
    proxied: bool | None = None
    comment: str | None = None
    tags: list[str] | None = None
    settings: dict[str, bool] | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields that are set, as the API takes them."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}


@dataclass(frozen=True, kw_only=True)
class RecordChanges(RecordFields):
    """What is to change of a record; the rest stays."""

    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordBody(RecordFields):
    """A record as it should be."""

    type: str
    name: str

    def with_fields(self: _Body, changes: RecordFields) -> _Body:
        """The same record after these changes."""
        return replace(self, **changes.as_json())

    def changes(self) -> RecordChanges:
        """The same fields, as changes of a record that is there."""
        wanted = self.as_json()
        del wanted["type"]
        return RecordChanges(**wanted)

    def without_empty(self) -> "RecordBody":
        """As the body of a new record: an explicit TTL, and nothing that is empty."""
        return replace(
            self,
            ttl=self.ttl or 1,
            comment=self.comment or None,
            tags=self.tags or None,
            settings=self.settings or None,
        )


@dataclass(frozen=True, kw_only=True)
class DnsRecord(RecordBody):
    """A record that is there."""

    id: str
    content: str
    modified_on: str | None = None

    def to_restore(self) -> RecordBody:
        """All that can be set of it, empty values too, so that what was added since is taken away again."""
        return RecordBody(
            type=self.type,
            name=self.name,
            ttl=self.ttl,
            content=None if self.data else self.content,
            data=self.data,
            priority=self.priority if self.type in ("MX", "URI") else None,
            proxied=bool(self.proxied) if self.type in PROXIABLE else None,
            comment=self.comment or "",
            tags=self.tags or [],
            settings=self.settings or {},
        )


@dataclass(frozen=True, kw_only=True)
class RecordFilter:
    """Which records of a zone are meant; None leaves all of them in."""

    type: str | None = None
    name: str | None = None
    name_contains: str | None = None
    content: str | None = None
    content_contains: str | None = None
    comment_contains: str | None = None
    tag: str | None = None
    proxied: bool | None = None


@dataclass(frozen=True)
class Upsert:
    """What became of a record that was to be there."""

    outcome: Literal["created", "updated", "unchanged"]
    after: DnsRecord
    before: DnsRecord | None = None
    changed: tuple[str, ...] = ()
