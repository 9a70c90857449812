"""kubectl-mcp on the sandbox's cluster and with the real kubectl, in memory or as a process."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, Protocol

import psutil
import pytest

from sandbox.client import RunningServer
from sandbox.kubernetes.cluster import Cluster
from support.answers import data, error, text
from support.client import StartProcess, StartServer
from support.tools import require


class Kubectl:
    """The server's tools: `call` wants an answer, `refused` an error."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server

    async def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        result = await self.server.call(tool, **arguments)
        assert not result.is_error, text(result)
        return data(result)

    async def refused(self, tool: str, /, **arguments: Any) -> str:
        """The kind of the error; every error tells it in `_meta`, and carries no data."""
        result = await self.server.call(tool, **arguments)
        assert "Traceback" not in text(result)
        return str(error(result)["kind"])

    async def marked(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The data of an answer that is marked as an error, because something in it failed."""
        result = await self.server.call(tool, **arguments)
        assert result.is_error
        return data(result)


class Use(Protocol):
    """`async with use(KUBECTL_MCP_TIMEOUT="2") as kubectl`: the server with further settings."""

    def __call__(self, *arguments: str, **settings: str) -> AbstractAsyncContextManager[Kubectl]: ...


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    require("kubectl")
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def use(cluster: Cluster, start: StartServer) -> Use:
    return partial(_use, start, cluster)


@pytest.fixture
def use_process(cluster: Cluster, start_process: StartProcess) -> Use:
    """The same as a process of its own."""
    return partial(_use, start_process, cluster)


@asynccontextmanager
async def _use(
    start: StartServer | StartProcess, cluster: Cluster, *arguments: str, **settings: str
) -> AsyncIterator[Kubectl]:
    env = {"KUBECONFIG": str(cluster.kubeconfig)} | settings
    async with start("kubectl-mcp", *arguments, env=env) as server:
        yield Kubectl(server)


@pytest.fixture
def running_programs() -> Callable[[], set[psutil.Process]]:
    """What has been started since, and has not ended: by servers in memory, this process starts their programs."""
    before = set(psutil.Process().children(recursive=True))
    return lambda: set(psutil.Process().children(recursive=True)) - before
