"""Calls per second over HTTP, beside the same server over stdio: one client, and eight at once."""

import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benches.contest import Contestant, Sample
from benches.wire import Wire, wire
from sandbox.client import console_script, minimal_environment

ONE, MANY, TYPICAL = "calls a second, one by one", "calls a second, eight at once", "one call"
ROWS = {ONE: "calls/s", MANY: "calls/s", TYPICAL: "ms"}
CALLS, CLIENTS = 200, 8
_KEY = "the-key-of-the-benchmark"
_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "Authorization": f"Bearer {_KEY}",
    "MCP-Protocol-Version": "2025-11-25",
}
_CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_hosts", "arguments": {}}}


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:  # noqa: ARG001 -- there is nobody else to ask
    environment = minimal_environment(folder)
    with wire([console_script("ssh-mcp")], environment) as piped, _listening(environment) as port:
        piped.list_tools()
        piped.call("list_hosts")
        yield [
            Contestant("stdio", lambda: _sample(lambda count: _by_pipe(piped, count), lambda: _together(piped))),
            Contestant("HTTP", lambda: _sample(lambda count: _by_http(port, count), lambda: _in_threads(port))),
        ]


def _sample(in_turn: Callable[[int], None], together: Callable[[], None]) -> Sample:
    one, many = _seconds(lambda: in_turn(CALLS)), _seconds(together)
    return {ONE: CALLS / one, MANY: CALLS / many, TYPICAL: one / CALLS * 1000}


def _seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _by_pipe(piped: Wire, count: int) -> None:
    for _ in range(count):
        piped.call("list_hosts")


def _together(piped: Wire) -> None:
    for _ in range(CALLS // CLIENTS):
        piped.call_together(CLIENTS, "list_hosts")


def _by_http(port: int, count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(count):
        connection.request("POST", "/mcp", json.dumps(_CALL), _HEADERS)
        result = json.loads(connection.getresponse().read())["result"]
        if result.get("isError"):
            raise RuntimeError(result["content"])
    connection.close()


def _in_threads(port: int) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(_by_http, [port] * CLIENTS, [CALLS // CLIENTS] * CLIENTS))


@contextmanager
def _listening(environment: Mapping[str, str]) -> Iterator[int]:
    """Start the server over HTTP; yields its port."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [console_script("ssh-mcp"), "--http", "127.0.0.1:0"],
        env={**environment, "INFRA_MCP_API_KEY": _KEY},
        stdin=subprocess.DEVNULL,
        stderr=writing,
    )
    os.close(writing)
    try:
        with open(reading, encoding="utf-8") as said:  # noqa: PTH123 -- a descriptor
            found = re.search(r"listens on http://127\.0\.0\.1:(\d+)/", said.readline())
            if found is None:
                raise RuntimeError("the server does not listen")
            yield int(found[1])
    finally:
        process.terminate()
        process.wait()
