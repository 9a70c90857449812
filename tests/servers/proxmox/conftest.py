"""A Proxmox VE cluster and proxmox-mcp beside it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.client import StartServer


@pytest.fixture
def pve() -> Iterator[FakeProxmox]:
    with FakeProxmox() as fake:
        yield fake


@pytest.fixture
async def server(pve: FakeProxmox, start: StartServer) -> AsyncIterator[RunningServer]:
    """proxmox-mcp with a token that may do everything."""
    async with start("proxmox-mcp", env=pve.environment()) as running:
        yield running
