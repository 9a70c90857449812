"""A zone, its settings and its DNSSEC."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A zone that the token sees."""

    id: str
    name: str
    status: str
    paused: bool | None = None
    type: str | None = None
    plan: str | None = None
    account: str | None = None
    name_servers: tuple[str, ...] = ()
    original_name_servers: tuple[str, ...] | None = None
    created_on: str | None = None
    activated_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class ZoneSetting:
    """A setting of a zone. value: what JSON can hold, as the setting has it."""

    id: str
    value: object
    editable: bool | None = None
    modified_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class Dnssec:
    """State of DNSSEC, and the DS record for the registrar."""

    status: str
    ds: str | None = None
    key_tag: int | None = None
    algorithm: str | None = None
    digest_type: str | None = None
    digest: str | None = None
    public_key: str | None = None
    flags: int | None = None
