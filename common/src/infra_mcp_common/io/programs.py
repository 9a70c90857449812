"""The one way to run a local program: an argv list, a session of its own, stdin closed or given, one deadline.

A stopped child is stopped with its whole process group, by a ladder of signals. What it wrote until then is kept.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import anyio

from infra_mcp_common.errors import InvalidInput, NotConfigured
from infra_mcp_common.io.kept_output import HEAD, TAIL, Capture
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import Runtime, current

OnLine = Callable[[str], Awaitable[None]]
OnData = Callable[[bytes], Awaitable[None]]
_DRAIN_SECONDS = 1.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: a signal, to the group or to the child alone, and how long to wait for the end."""

    signal: signal.Signals
    wait: float
    group: bool = True


STOP = (Step(signal.SIGTERM, 2.0), Step(signal.SIGKILL, 1.0))


@dataclass(frozen=True)
class Finished:
    """How a program ended. exit_status: None where a signal ended it; signal: its name then."""

    exit_status: int | None
    signal: str | None
    stdout: Capture
    stderr: Capture
    seconds: float
    timed_out: bool


async def run(
    argv: Sequence[str],
    *,
    timeout: float,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    stdin: bytes | None = None,
    stop: Sequence[Step] = STOP,
    on_line: OnLine | None = None,
    on_data: OnData | None = None,
    head: int = HEAD,
    tail: int = TAIL,
    outlive: Path | None = None,
    on_start: Callable[[int], None] | None = None,
) -> Finished:
    """Run a program to its end, or stop it at the deadline or when the call is cancelled.

    env: changes to the server's environment, None removes. on_line: is awaited with every line of stdout.
    on_data: is awaited with every piece of it as it arrives, for output whose lines come too late or never. Both also
    hear the last words of a program that is stopped. head, tail: bytes to keep in memory; the rest is spooled.
    outlive: a folder for the files `stdout` and `stderr`; a server that is stopped then leaves the program to end after
    the first signal of `stop`, instead of killing it.
    on_start: is told the process id, which is also that of its group and session.
    """
    began, children = time.monotonic(), current().children
    out, err = _Ear(Capture(head, tail), on_line, on_data), _Ear(Capture(head, tail))
    # A start that is cancelled half-way ends the child alone, and leaves behind what it had started by then.
    with anyio.CancelScope(shield=True):
        child, streams = await _start(argv, cwd, env, stdin, outlive)
    if outlive is None:
        children.add(child.pid)
    try:
        if on_start is not None:
            on_start(child.pid)
        with anyio.move_on_after(timeout) as deadline:
            await _converse(child, stdin, streams, (out, err))
    finally:
        with anyio.CancelScope(shield=True):
            await _finish(child, stop, streams, (out, err))
        children.discard(child.pid)
        for stream in streams:
            if isinstance(stream, _Growing):
                stream.close()
    status = child.returncode
    died_by = signal.Signals(-status).name if status is not None and status < 0 else None
    exit_status = None if died_by else status
    seconds = time.monotonic() - began
    return Finished(exit_status, died_by, out.capture, err.capture, seconds, deadline.cancelled_caught)


def signal_all(runtime: Runtime, number: signal.Signals) -> None:
    """Signal the groups of all running children, for a server that is being stopped."""
    for group in list(runtime.children):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


class _Growing:
    """A file that a running program writes, read like its pipe."""

    def __init__(self, path: Path, child: asyncio.subprocess.Process) -> None:
        self._file, self._child = path.open("rb"), child

    async def read(self, size: int) -> bytes:
        while True:
            ended = self._child.returncode is not None
            if (data := self._file.read(size)) or ended:
                return data
            with anyio.move_on_after(_LOOK_SECONDS):
                await self._child.wait()

    def close(self) -> None:
        self._file.close()


_Stream = asyncio.StreamReader | _Growing


@dataclass
class _Ear:
    """Who hears one stream. A stop may come between two pieces of a line, and the second reader goes on from there."""

    capture: Capture
    on_line: OnLine | None = None
    on_data: OnData | None = None
    rest: bytes = b""

    async def listen(self, stream: _Stream) -> None:
        while data := await stream.read(65536):
            self.capture.feed(data)
            if self.on_data is not None:
                await self.on_data(data)
            if self.on_line is not None:
                *lines, self.rest = (self.rest + data).split(b"\n")
                for line in lines:
                    await self.on_line(line.decode("utf-8", "replace"))
        if self.on_line is not None and self.rest:
            line, self.rest = self.rest, b""
            await self.on_line(line.decode("utf-8", "replace"))


async def _start(
    argv: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str | None] | None,
    stdin: bytes | None,
    outlive: Path | None,
) -> tuple[asyncio.subprocess.Process, list[_Stream]]:
    if any("\0" in word for word in argv):
        raise InvalidInput("An argument holds a NUL character, which no program can be given.", "Remove it.")
    files = [] if outlive is None else [outlive / "stdout", outlive / "stderr"]
    targets = [private_file(path) for path in files] or [asyncio.subprocess.PIPE] * 2
    try:
        source = asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE
        child = await _spawn(argv, cwd, env, source, targets)
    finally:
        for target in targets if files else ():
            os.close(target)
    streams = (child.stdout, child.stderr) if outlive is None else tuple(_Growing(path, child) for path in files)
    return child, [stream for stream in streams if stream is not None]


async def _spawn(
    argv: Sequence[str], cwd: Path | None, env: Mapping[str, str | None] | None, stdin: int, targets: Sequence[int]
) -> asyncio.subprocess.Process:
    merged = {**current().environment, **(env or {})}
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=stdin,
            stdout=targets[0],
            stderr=targets[1],
            start_new_session=True,
        )
    except FileNotFoundError:
        missing = argv[0] if cwd is None or cwd.is_dir() else str(cwd)
        raise NotConfigured(f"{missing} was not found.", "Install it, or correct the setting that names it.") from None
    except OSError as error:
        raise NotConfigured(f"{argv[0]} can't be run: {error.strerror}.", "Correct its mode or the path.") from None


async def _converse(
    child: asyncio.subprocess.Process, stdin: bytes | None, streams: Sequence[_Stream], ears: Sequence[_Ear]
) -> None:
    async with anyio.create_task_group() as group:
        if stdin is not None and child.stdin is not None:
            group.start_soon(_write, child.stdin, stdin)
        for stream, ear in zip(streams, ears, strict=True):
            group.start_soon(ear.listen, stream)
        await child.wait()
        # A grandchild may keep the pipes open; what is still under way arrives at once or never.
        group.cancel_scope.deadline = anyio.current_time() + _DRAIN_SECONDS


async def _write(stream: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(ConnectionError):
        stream.write(data)
        await stream.drain()
    stream.close()


async def _finish(
    child: asyncio.subprocess.Process, stop: Sequence[Step], streams: Sequence[_Stream], ears: Sequence[_Ear]
) -> None:
    """End the program if it still runs, and hear what it says meanwhile: one that can't write can't end either."""
    async with anyio.create_task_group() as group:
        for stream, ear in zip(streams, ears, strict=True):
            group.start_soon(ear.listen, stream)
        # Whoever hears it may fail; the program is ended all the same.
        with anyio.CancelScope(shield=True):
            await _end(child, stop)
        group.cancel_scope.deadline = anyio.current_time() + _DRAIN_SECONDS


async def _end(child: asyncio.subprocess.Process, stop: Sequence[Step]) -> None:
    for step in stop:
        if child.returncode is not None:
            break
        with suppress(ProcessLookupError):
            (os.killpg if step.group else os.kill)(child.pid, step.signal)
        with anyio.move_on_after(step.wait):
            await child.wait()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    if child.returncode is None:
        with anyio.move_on_after(1.0):
            await child.wait()
