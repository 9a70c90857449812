"""Zones."""

from infra_mcp_cloudflare.answers.base import Answer, page_of
from infra_mcp_cloudflare.domain.zone import Zone
from infra_mcp_common.results import Page, Result


class ZoneRow(Result):
    """A zone in a list."""

    id: str
    name: str
    status: str
    plan: str | None = None
    account: str | None = None

    @classmethod
    def of(cls, zone: Zone) -> "ZoneRow":
        return cls(id=zone.id, name=zone.name, status=zone.status, plan=zone.plan, account=zone.account)


class Zones(Answer):
    """A part of the list of zones."""

    zones: list[ZoneRow]
    page: Page

    @classmethod
    def of(cls, zones: list[Zone], total: int, offset: int, *, rate_limit: str | None) -> "Zones":
        page = page_of(total, offset, len(zones))
        return cls(zones=[ZoneRow.of(zone) for zone in zones], page=page, rate_limit=rate_limit)


class ZoneId(Answer):
    """The id behind a zone's name."""

    id: str
    name: str

    @classmethod
    def of(cls, zone: Zone, *, rate_limit: str | None) -> "ZoneId":
        return cls(id=zone.id, name=zone.name, rate_limit=rate_limit)


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

    @classmethod
    def of(cls, zone: Zone, *, rate_limit: str | None) -> "ZoneDetails":
        original = zone.original_name_servers
        return cls(
            id=zone.id,
            name=zone.name,
            status=zone.status,
            paused=zone.paused,
            type=zone.type,
            plan=zone.plan,
            account=zone.account,
            name_servers=list(zone.name_servers),
            original_name_servers=None if original is None else list(original),
            created_on=zone.created_on,
            activated_on=zone.activated_on,
            rate_limit=rate_limit,
        )
