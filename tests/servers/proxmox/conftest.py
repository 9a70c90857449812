"""A Proxmox VE cluster and proxmox-mcp beside it, served once for a module; each test finds the cluster empty."""

from collections.abc import AsyncIterator, Iterator

import pytest

from sandbox.client import RunningServer, in_memory
from sandbox.proxmox import FakeProxmox


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """As for all tests, but as long-lived as the server."""
    return "asyncio"


@pytest.fixture(scope="module")
def cluster() -> Iterator[FakeProxmox]:
    with FakeProxmox() as fake:
        yield fake


@pytest.fixture
def pve(cluster: FakeProxmox) -> FakeProxmox:
    """The cluster, as new."""
    cluster.reset()
    return cluster


@pytest.fixture(scope="module")
async def running(cluster: FakeProxmox, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    home = tmp_path_factory.mktemp("proxmox") / "home"
    home.mkdir(mode=0o700)
    async with in_memory("proxmox-mcp", home=home, env=cluster.environment()) as server:
        yield server


@pytest.fixture
def server(pve: FakeProxmox, running: RunningServer) -> RunningServer:
    """proxmox-mcp with a token that may do everything."""
    return running


@pytest.fixture
async def furnished(pve: FakeProxmox, server: RunningServer) -> RunningServer:
    """proxmox-mcp on a cluster with one guest, 100, which has a snapshot."""
    pve.add_guest(100, name="web", pool="shop", config={"tags": "prod;web"})
    await server.call("create_snapshot", guest=100, name="before")
    pve.requests.clear()
    return server
