"""The handle that tests and the demo hold: start it, fill it, break it, and look at what it received."""

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from sandbox.cloudflare import records
from sandbox.cloudflare.backend import Backend
from sandbox.cloudflare.faults import Faults
from sandbox.cloudflare.handler import PREFIX, Http
from sandbox.cloudflare.ratelimit import RateLimit
from sandbox.cloudflare.state import Json, Plan, Zone
from sandbox.cloudflare.tokens import ALL, Permission, Token


class FakeCloudflare(Backend):
    """A running fake: `with FakeCloudflare() as cloudflare`. Its `url` is the base URL of the API."""

    def __init__(self) -> None:
        super().__init__()
        self._http = Http(("127.0.0.1", 0), self)

    @property
    def url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self._http.server_address[1]}{PREFIX}"

    def __enter__(self) -> "FakeCloudflare":
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def environment(self, token: Token | None = None) -> dict[str, str]:
        """The settings with which a client reaches this fake; without a token, with one that may do everything."""
        return {"CF_API_URL": self.url, "CF_API_TOKEN": (token or self.add_token()).value}

    def reset(self) -> None:
        """Empty every zone, forget what was received, and let nothing wait to go wrong; zones and tokens stay."""
        with self.state.lock:
            for zone in self.state.zones.values():
                zone.empty()
            self.faults = Faults()
            self.recording.clear()
            self.rate_limit = RateLimit()

    def add_zone(self, name: str, plan: Plan = "free") -> Zone:
        """A new, empty zone."""
        zone = Zone(name, plan)
        self.state.zones[zone.id] = zone
        return zone

    def add_token(
        self, permissions: Iterable[Permission] = ALL, zones: Iterable[str] | None = None, **more: Any
    ) -> Token:
        """A new token with a value of its own."""
        token = Token(frozenset(permissions), None if zones is None else frozenset(zones), **more)
        self.tokens[token.value] = token
        return token

    def add_record(self, zone: Zone, record_type: str, name: str, content: str | None = None, **more: Any) -> Json:
        """A new record, by the same rules as one that comes over HTTP."""
        body = {"type": record_type, "name": name} | ({} if content is None else {"content": content}) | more
        with self.state.lock:
            return records.create(zone, body)
