"""The fake Cloudflare that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from sandbox.cloudflare.server import FakeCloudflare
from sandbox.cloudflare.state import Zone


@pytest.fixture
def cloudflare() -> Iterator[FakeCloudflare]:
    with FakeCloudflare() as fake:
        yield fake


@pytest.fixture
def zone(cloudflare: FakeCloudflare) -> Zone:
    """example.com, empty, on the free plan."""
    return cloudflare.add_zone("example.com")
