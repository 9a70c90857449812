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
from infra_mcp_common.spool import HEAD, TAIL, Capture

OnLine = Callable[[str], Awaitable[None]]
_DRAIN_SECONDS = 1.0
_groups: set[int] = set()


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
    head: int = HEAD,
    tail: int = TAIL,
) -> Finished:
    """Run a program to its end, or stop it at the deadline or when the call is cancelled.

    env: changes to this process's environment, None removes. on_line: is awaited with every line of stdout.
    head, tail: bytes to keep in memory; the rest is spooled.
    """
    began = time.monotonic()
    out, err = Capture(head, tail), Capture(head, tail)
    child = await _start(argv, cwd, env, stdin)
    _groups.add(child.pid)
    try:
        with anyio.move_on_after(timeout) as deadline:
            await _converse(child, stdin, out, err, on_line)
    finally:
        with anyio.CancelScope(shield=True):
            await _end(child, stop)
        _groups.discard(child.pid)
    status = child.returncode
    died_by = signal.Signals(-status).name if status is not None and status < 0 else None
    exit_status = None if died_by else status
    return Finished(exit_status, died_by, out, err, time.monotonic() - began, deadline.cancelled_caught)


def signal_all(number: signal.Signals) -> None:
    """Signal the groups of all running children, for a server that is being stopped."""
    for group in list(_groups):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


async def _start(
    argv: Sequence[str], cwd: Path | None, env: Mapping[str, str | None] | None, stdin: bytes | None
) -> asyncio.subprocess.Process:
    if any("\0" in word for word in argv):
        raise InvalidInput("An argument holds a NUL character, which no program can be given.", "Remove it.")
    merged = {**os.environ, **(env or {})}
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError:
        missing = argv[0] if cwd is None or cwd.is_dir() else str(cwd)
        raise NotConfigured(f"{missing} was not found.", "Install it, or correct the setting that names it.") from None
    except OSError as error:
        raise NotConfigured(f"{argv[0]} can't be run: {error.strerror}.", "Correct its mode or the path.") from None


async def _converse(
    child: asyncio.subprocess.Process, stdin: bytes | None, out: Capture, err: Capture, on_line: OnLine | None
) -> None:
    async with anyio.create_task_group() as group:
        if stdin is not None and child.stdin is not None:
            group.start_soon(_write, child.stdin, stdin)
        for stream, capture, listener in ((child.stdout, out, on_line), (child.stderr, err, None)):
            if stream is not None:
                group.start_soon(_read, stream, capture, listener)
        await child.wait()
        # A grandchild may keep the pipes open; what is still under way arrives at once or never.
        group.cancel_scope.deadline = anyio.current_time() + _DRAIN_SECONDS


async def _write(stream: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(ConnectionError):
        stream.write(data)
        await stream.drain()
    stream.close()


async def _read(stream: asyncio.StreamReader, capture: Capture, on_line: OnLine | None) -> None:
    rest = b""
    while data := await stream.read(65536):
        capture.feed(data)
        if on_line is not None:
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                await on_line(line.decode("utf-8", "replace"))
    if on_line is not None and rest:
        await on_line(rest.decode("utf-8", "replace"))


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
