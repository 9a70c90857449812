"""A Cloudflare and, in memory, cloudflare-mcp, both for a whole module; each test finds the zones empty."""

from collections.abc import AsyncIterator, Iterator

import pytest

from sandbox.client import RunningServer, in_memory
from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """As for all tests, but as long-lived as the server."""
    return "asyncio"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeCloudflare]:
    with FakeCloudflare() as running:
        running.add_zone("example.com")
        running.add_zone("other.net", plan="pro")
        yield running


@pytest.fixture
def cloudflare(fake: FakeCloudflare) -> FakeCloudflare:
    """Cloudflare, as new: example.com on the free plan and other.net on a paid one, both empty."""
    fake.reset()
    return fake


@pytest.fixture
def zone(cloudflare: FakeCloudflare) -> Zone:
    """example.com."""
    return zone_named(cloudflare, "example.com")


@pytest.fixture
def other(cloudflare: FakeCloudflare) -> Zone:
    """other.net."""
    return zone_named(cloudflare, "other.net")


def zone_named(cloudflare: FakeCloudflare, name: str) -> Zone:
    return next(zone for zone in cloudflare.state.zones.values() if zone.name == name)


@pytest.fixture(scope="module")
async def running(fake: FakeCloudflare, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    home = tmp_path_factory.mktemp("cloudflare") / "home"
    home.mkdir(mode=0o700)
    async with in_memory("cloudflare-mcp", home=home, env=fake.environment()) as server:
        yield server


@pytest.fixture
def server(cloudflare: FakeCloudflare, running: RunningServer) -> RunningServer:
    """cloudflare-mcp with a token that may do everything."""
    return running
