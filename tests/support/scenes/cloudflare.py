"""A fake Cloudflare with one zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.cloudflare.server import FakeCloudflare
from support.scenes.base import Scene


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
    with FakeCloudflare() as fake:
        zone = fake.add_zone("example.com")
        fake.add_record(zone, "A", "api", "192.0.2.10")
        fake.add_record(zone, "MX", "@", "mail.example.com", priority=10)
        yield Scene(
            preview=("delete_dns_record", {"zone": "example.com", "record": "api"}),
            refusal=("update_dns_record", {"zone": "example.com", "record": "@", "type": "MX", "ttl": 300}),
            reason="CF_APEX_CHANGES",
            settings=fake.environment(),
            state=lambda: sorted(record["name"] for record in zone.records.values()),
        )
