"""Servers that serve over HTTP, each a process of its own on a free port of loopback."""

import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from sandbox.client import Mode, console_script, minimal_environment
from support.suite import PROBE, ROOT

KEY = "the-key-of-the-tests-0123456789"
PROBE_COMMAND = (sys.executable, str(PROBE))
_ADDRESS = re.compile(r"listens on (https?)://([\d.]+):(\d+)/mcp")


@dataclass(frozen=True)
class HttpServer:
    """A server that listens, and what can be seen of it from outside."""

    base: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"{self.base}/mcp"

    @property
    def port(self) -> int:
        return int(self.base.rsplit(":", 1)[1])

    @property
    def stderr(self) -> str:
        return self.log.read_text("utf-8", "replace")

    @asynccontextmanager
    async def client(self, key: str | None = KEY, mode: Mode = "auto") -> AsyncIterator[Client]:
        """The SDK's client, with this key."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http,
            Client(streamable_http_client(self.url, http_client=http), mode=mode) as client,
        ):
            yield client


class StartHttp(Protocol):
    """Starts servers in the test's own home: `with start_http("--read-only") as server`. key: None for none."""

    def __call__(
        self,
        *arguments: str,
        key: str | None = KEY,
        env: Mapping[str, str] | None = None,
        command: tuple[str, ...] = PROBE_COMMAND,
    ) -> AbstractContextManager[HttpServer]: ...


@pytest.fixture
def start_http(home: Path) -> StartHttp:
    return starting_in(home)


@pytest.fixture(scope="module")
def http_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    """The probe behind one key, shared by the tests of a module, in a hurry so that they are."""
    home = tmp_path_factory.mktemp("http-home")
    hurried = {"INFRA_MCP_HTTP_PATIENCE": "1", "INFRA_MCP_HTTP_BODY": "10000", "INFRA_MCP_HTTP_CONNECTIONS": "400"}
    names = {"INFRA_MCP_HTTP_NAMES": "mcp.example.org, other.example"}
    with starting_in(home)(env=hurried | names) as server:
        yield server


def starting_in(home: Path) -> StartHttp:
    """A function that starts servers in this home."""

    @contextmanager
    def start(
        *arguments: str,
        key: str | None = KEY,
        env: Mapping[str, str] | None = None,
        command: tuple[str, ...] = PROBE_COMMAND,
    ) -> Iterator[HttpServer]:
        log = home.parent / f"stderr-{time.monotonic_ns()}"
        argv = [*command, *([] if "--http" in arguments else ["--http", "127.0.0.1:0"]), *arguments]
        keyed = {"INFRA_MCP_API_KEY": key} if key else {}
        with log.open("wb") as errors:
            environment = probe_environment(home) | keyed | dict(env or {})
            process = subprocess.Popen(argv, cwd=home, env=environment, stdin=subprocess.DEVNULL, stderr=errors)
        try:
            yield HttpServer(_address(process, log), process, log)
        finally:
            process.kill()
            process.wait()

    return start


def probe_environment(home: Path) -> dict[str, str]:
    """The environment of a server; Python finds the support of the tests, where the probe is the server."""
    return minimal_environment(home) | {"PYTHONPATH": f"{ROOT}/tests{os.pathsep}{ROOT}/scripts"}


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if found := _ADDRESS.search(log.read_text("utf-8", "replace")):
            return "{}://{}:{}".format(*found.groups())
        time.sleep(0.02)
    raise AssertionError(f"the server does not listen: {log.read_text('utf-8', 'replace')}")


def ssh_mcp() -> tuple[str, ...]:
    return (str(console_script("ssh-mcp")),)


def request(tool: str, arguments: Mapping[str, Any], *, token: bool = False) -> dict[str, Any]:
    """A tools/call of 2025-11-25, which needs no other headers than the usual."""
    params: dict[str, Any] = {"name": tool, "arguments": dict(arguments)}
    if token:
        params["_meta"] = {"progressToken": 1}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


HEADERS = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
    "Authorization": f"Bearer {KEY}",
    "MCP-Protocol-Version": "2025-11-25",
}


def plain_client(headers: Mapping[str, str] = HEADERS, **more: Any) -> httpx2.AsyncClient:
    """A client that knows nothing of MCP, with a busy machine's patience."""
    return httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False, **more)
