"""What a zone has besides its records: settings, DNSSEC, cache."""

from dataclasses import asdict
from typing import Any

from infra_mcp_cloudflare.answers.base import Answer
from infra_mcp_cloudflare.domain import zone as domain
from infra_mcp_cloudflare.domain.purge import Purge
from infra_mcp_common.results import Result


class ZoneSetting(Result):
    """A setting of a zone."""

    id: str
    value: Any
    editable: bool | None = None
    modified_on: str | None = None

    @classmethod
    def of(cls, setting: domain.ZoneSetting) -> "ZoneSetting":
        return cls(id=setting.id, value=setting.value, editable=setting.editable, modified_on=setting.modified_on)


class ZoneSettings(Answer):
    """Settings of a zone."""

    zone: str
    settings: list[ZoneSetting]

    @classmethod
    def of(cls, zone: domain.Zone, settings: list[domain.ZoneSetting], *, rate_limit: str | None) -> "ZoneSettings":
        told = [ZoneSetting.of(setting) for setting in settings]
        return cls(zone=zone.name, settings=told, rate_limit=rate_limit)


class UpdatedSetting(Answer):
    """A setting before and after; the same where nothing had to be sent."""

    zone: str
    id: str
    before: Any
    after: Any
    changed: bool

    @classmethod
    def of(
        cls,
        zone: domain.Zone,
        before: domain.ZoneSetting,
        after: domain.ZoneSetting,
        *,
        rate_limit: str | None,
    ) -> "UpdatedSetting":
        return cls(
            zone=zone.name,
            id=before.id,
            before=before.value,
            after=after.value,
            changed=after is not before,
            rate_limit=rate_limit,
        )


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

    @classmethod
    def of(cls, zone: domain.Zone, dnssec: domain.Dnssec, *, rate_limit: str | None) -> "Dnssec":
        return cls(zone=zone.name, **asdict(dnssec), rate_limit=rate_limit)


class Purged(Answer):
    """What was purged from the cache."""

    zone: str
    purged: str

    @classmethod
    def of(cls, zone: domain.Zone, purge: Purge, *, rate_limit: str | None) -> "Purged":
        purged = f"{len(purge.names)} {purge.kind}" if purge.names else purge.kind
        return cls(zone=zone.name, purged=purged, rate_limit=rate_limit)
