"""A server's process, spoken to byte by byte over its pipes."""

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

import psutil
import pytest

from sandbox.client import console_script, minimal_environment

Json = dict[str, Any]
# An answer may take its time on a busy machine; an end may not, or it waits for what should have been stopped.
_PATIENCE, _END = 60.0, 20.0
HANDSHAKE: list[Json] = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}},
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


class RawServer:
    """A running server. `answers` come in the order in which they were written."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self.pid = self._process.pid
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=[self._pipe(self._process.stdout)])
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.kill()
        self.close_input()
        self._process.wait()
        self._reader.join()
        self._pipe(self._process.stdout).close()

    def send(self, data: bytes) -> None:
        pipe = self._pipe(self._process.stdin)
        pipe.write(data)
        pipe.flush()

    def answer(self) -> Json:
        """The next answer; at the end of the output there is none, and the test fails."""
        line = self._lines.get(timeout=_PATIENCE)
        assert line, f"the server ended: {self.stderr}"
        answer: Json = json.loads(line)
        return answer

    def answers(self, count: int) -> list[Json]:
        return [self.answer() for _ in range(count)]

    def rest(self) -> list[Json]:
        """All answers to the end of the output."""
        return [json.loads(line) for line in iter(lambda: self._lines.get(timeout=_END), b"")]

    def close_input(self) -> None:
        self._pipe(self._process.stdin).close()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        """The exit status."""
        return self._process.wait(_END)

    @property
    def stderr(self) -> str:
        return self._log.read_text("utf-8", "replace")

    @property
    def has_loaded_the_sdk(self) -> bool:
        return any("_pydantic_core" in mapping.path for mapping in psutil.Process(self.pid).memory_maps())

    def _read(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            self._lines.put(line)
        self._lines.put(b"")

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


StartRaw = Callable[..., RawServer]


@pytest.fixture
def start_raw(home: Path, tmp_path: Path) -> Iterator[StartRaw]:
    """Start servers in the test's own home: `start_raw("ssh-mcp", "--read-only", env={...})`."""
    running: list[RawServer] = []

    def start(script: str, *arguments: str, env: Mapping[str, str] | None = None) -> RawServer:
        environment = minimal_environment(home) | dict(env or {})
        log = tmp_path / f"stderr-{len(running)}"
        running.append(RawServer([console_script(script), *arguments], environment, log))
        return running[-1]

    yield start
    for server in running:
        with server:
            pass
