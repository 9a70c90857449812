"""cloudflare-mcp beside the bare requests that its tools make, on a sandbox with a zone of 1,000 records."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import requests

from benches.contest import Contestant, Sample
from benches.life import LISTED, LISTED_PSS, LISTED_RSS, milliseconds, typical_milliseconds
from benches.wire import wire
from sandbox.client import console_script, minimal_environment
from sandbox.cloudflare.server import FakeCloudflare

FIRST, LISTING, CREATING = "first listing of 100 records", "listing of 100 records", "create_dns_record"
ZONE, RECORDS = "example.com", 1000
ROWS = {LISTED: "ms", LISTED_RSS: "MB", LISTED_PSS: "MB", FIRST: "ms", LISTING: "ms", CREATING: "ms"}


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:  # noqa: ARG001 -- peers can't be led elsewhere
    home = folder / "home"
    home.mkdir()
    with FakeCloudflare() as fake:
        zone = fake.add_zone(ZONE, plan="pro")
        for number in range(RECORDS):
            fake.add_record(zone, "A", f"host{number:04}", "192.0.2.1")
        settings, new = fake.environment(), count()
        yield [
            Contestant("cloudflare-mcp", lambda: _ours(minimal_environment(home) | settings, new)),
            Contestant("bare requests", lambda: _bare(settings, zone.id, new)),
        ]


def _ours(environment: Mapping[str, str], new: Iterator[int]) -> Sample:
    figures: dict[str, float] = {}
    begin = time.perf_counter()
    with wire([console_script("cloudflare-mcp")], environment) as server:
        server.list_tools()
        figures[LISTED] = (time.perf_counter() - begin) * 1000
        figures[LISTED_RSS], figures[LISTED_PSS] = server.memory()

        def listing() -> None:
            server.call("list_dns_records", zone=ZONE, limit=100)

        def create() -> None:
            server.call("create_dns_record", zone=ZONE, type="A", name=f"new{next(new)}", content="192.0.2.2")

        figures[FIRST] = milliseconds(listing)
        figures[LISTING] = typical_milliseconds(listing, 10)
        figures[CREATING] = typical_milliseconds(create, 10)
    return figures


def _bare(settings: Mapping[str, str], zone: str, new: Iterator[int]) -> Sample:
    """The same with one session of requests, which is told the zone's id."""
    url = f"{settings['CF_API_URL']}/zones/{zone}/dns_records"
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {settings['CF_API_TOKEN']}"

        def listing() -> None:
            session.get(url, params={"per_page": "100"}, timeout=30).raise_for_status()

        def create() -> None:
            body = {"type": "A", "name": f"new{next(new)}.{ZONE}", "content": "192.0.2.2", "ttl": 1}
            session.post(url, json=body, timeout=30).raise_for_status()

        return {
            FIRST: milliseconds(listing),
            LISTING: typical_milliseconds(listing, 10),
            CREATING: typical_milliseconds(create, 10),
        }
