"""What the fake remembers: accounts' zones with their records and settings."""

import hashlib
import itertools
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Json = dict[str, Any]
Plan = Literal["free", "pro", "enterprise"]

_serial = itertools.count(1)

DEFAULT_SETTINGS: Json = {
    "always_use_https": "off",
    "automatic_https_rewrites": "on",
    "browser_cache_ttl": 14400,
    "development_mode": "off",
    "ipv6": "on",
    "min_tls_version": "1.0",
    "security_level": "medium",
    "ssl": "full",
    "websockets": "on",
}


def now() -> str:
    """The time as the API writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_id() -> str:
    """32 hexadecimal digits, never the same twice."""
    return hashlib.blake2b(str(next(_serial)).encode(), digest_size=16).hexdigest()


@dataclass
class Zone:
    """A zone and everything in it; `records` keeps the order of creation."""

    name: str
    plan: Plan = "free"
    status: str = "active"
    id: str = field(default_factory=new_id)
    account_id: str = "0" * 31 + "a"
    records: dict[str, Json] = field(default_factory=dict)
    settings: Json = field(
        default_factory=lambda: {key: setting(key, value) for key, value in DEFAULT_SETTINGS.items()}
    )
    dnssec: Json = field(default_factory=lambda: {"status": "disabled"})
    purges: list[Json] = field(default_factory=list)
    created_on: str = field(default_factory=now)

    def empty(self) -> None:
        """As new: no records, settings as they come."""
        fresh = Zone(self.name, self.plan)
        self.records, self.settings, self.dnssec, self.purges = {}, fresh.settings, fresh.dnssec, []

    @property
    def batch_limit(self) -> int:
        """Operations in one batch."""
        return 200 if self.plan == "free" else 3500

    def as_json(self) -> Json:
        """The zone as the API shows it."""
        meta = {"cdn_only": False, "dns_only": False, "foundation_dns": False, "page_rule_quota": 3, "step": 4}
        dates = dict.fromkeys(("created_on", "modified_on", "activated_on"), self.created_on)
        unknown = dict.fromkeys(("original_name_servers", "original_registrar", "original_dnshost"))
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "paused": False,
            "type": "full",
            "development_mode": 0,
            "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
            "meta": meta,
            "owner": {"type": "user"},
            "account": {"id": self.account_id, "name": "Example account"},
            "plan": {"name": f"{self.plan.title()} Website"},
            **dates,
            **unknown,
        }


def setting(key: str, value: Any, *, editable: bool = True) -> Json:
    """One zone setting."""
    return {"id": key, "value": value, "editable": editable, "modified_on": None}


@dataclass
class State:
    """All zones, behind one lock."""

    zones: dict[str, Zone] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
