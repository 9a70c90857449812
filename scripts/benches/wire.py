"""MCP by hand over pipes, the same for every server, so that only the server's own time is measured."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil

_HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}}


class Wire:
    """One server's end of the pipes."""

    def __init__(self, process: "subprocess.Popen[bytes]", to_server: IO[bytes], from_server: IO[bytes]) -> None:
        self._process = process
        self._to_server = to_server
        self._from_server = from_server
        self._last_id = 0

    def request(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a request and wait for its result."""
        self._last_id += 1
        self._send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params or {}})
        while line := self._from_server.readline():
            message = json.loads(line)
            if message.get("id") == self._last_id and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return dict(message["result"])
        raise ConnectionError(f"the server ended during {method}")

    def list_tools(self) -> None:
        """Shake hands and ask for the tools, as a client does at first."""
        self.request("initialize", _HELLO)
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        self.request("tools/list")

    def call(self, tool: str, **arguments: Any) -> None:
        """Call a tool that must succeed."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(f"{tool}: {result['content']}")

    def call_together(self, count: int, tool: str, **arguments: Any) -> None:
        """Send so many calls of a tool at once; all must succeed."""
        waiting = set()
        for _ in range(count):
            self._last_id += 1
            waiting.add(self._last_id)
            params = {"name": tool, "arguments": arguments}
            self._send({"jsonrpc": "2.0", "id": self._last_id, "method": "tools/call", "params": params})
        while waiting and (line := self._from_server.readline()):
            message = json.loads(line)
            waiting.discard(message.get("id"))
            if message.get("result", {}).get("isError"):
                raise RuntimeError(f"{tool}: {message['result']['content']}")
        if waiting:
            raise ConnectionError(f"the server ended with {len(waiting)} calls unanswered")

    def memory(self) -> tuple[float, float]:
        """Resident and proportional memory of the server and its children, in MB."""
        server = psutil.Process(self._process.pid)
        infos = [process.memory_full_info() for process in [server, *server.children(recursive=True)]]
        return sum(info.rss for info in infos) / 1e6, sum(info.pss for info in infos) / 1e6

    def _send(self, message: Mapping[str, Any]) -> None:
        self._to_server.write(json.dumps(message).encode() + b"\n")
        self._to_server.flush()


@contextmanager
def wire(command: Sequence[str | Path], environment: Mapping[str, str]) -> Iterator[Wire]:
    """Start a server and end it with the block."""
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin  # noqa: S101  (started with pipes)
    assert process.stdout  # noqa: S101
    try:
        yield Wire(process, process.stdin, process.stdout)
        process.stdin.close()
        process.wait(timeout=10)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
