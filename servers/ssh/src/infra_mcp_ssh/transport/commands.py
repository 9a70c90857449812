"""Remote commands: started, fed, watched, and stopped at their deadline."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio

from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain.commands import Command, Outcome, RemoteProcess
from infra_mcp_ssh.transport import stopping, sudo
from infra_mcp_ssh.transport.connections import Connection

if TYPE_CHECKING:
    from asyncssh import SSHClientProcess, SSHReader

_TELL_EVERY = 1.0


@dataclass
class Run:
    """One command under way and what came of it so far."""

    process: "SSHClientProcess[bytes]"
    out: Capture = field(default_factory=Capture)
    err: Capture = field(default_factory=Capture)
    remote: RemoteProcess | None = None
    told: float = 0.0


@dataclass(frozen=True)
class Finished:
    """A command that is over, and what it wrote."""

    outcome: Outcome
    stdout: Capture
    stderr: Capture


async def run(connection: Connection, command: Command) -> Finished:
    """Run a command within its time; at the deadline or on cancellation it is stopped on the host."""
    began, mark = time.monotonic(), stopping.new_mark()
    text, stdin = f"export {stopping.VARIABLE}={mark}\n{command.script()}", command.stdin
    if command.sudo:
        text, stdin = await sudo.wrap(connection, stopping.bounded(text, command.timeout), stdin)
    process = await connection.ssh.create_process(text, encoding=None)
    run = Run(process)
    try:
        with anyio.move_on_after(command.timeout - (time.monotonic() - began)) as deadline:
            await _converse(run, stdin)
            run.remote = "may still run" if process.exit_status is None else "ended"
    finally:
        if run.remote is None:
            with anyio.CancelScope(shield=True):
                run.remote = await stopping.stop(connection, process, mark, sudo=command.sudo)
        process.close()
    outcome = _outcome(connection, run, timed_out=deadline.cancelled_caught, seconds=time.monotonic() - began)
    return Finished(outcome, run.out, run.err)


async def _converse(run: Run, stdin: bytes) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(_write, run, stdin)
        group.start_soon(_read, run, run.process.stdout, run.out)
        group.start_soon(_read, run, run.process.stderr, run.err)
        await run.process.wait_closed()


async def _write(run: Run, stdin: bytes) -> None:
    import asyncssh

    # A command that does not read its input closes it; that is its business, not an error.
    with suppress(OSError, asyncssh.Error):
        if stdin:
            run.process.stdin.write(stdin)
            await run.process.stdin.drain()
        run.process.stdin.write_eof()


async def _read(run: Run, stream: "SSHReader[bytes]", capture: Capture) -> None:
    import asyncssh

    with suppress(asyncssh.Error, OSError):
        while data := await stream.read(65536):
            capture.feed(data)
            if time.monotonic() - run.told > _TELL_EVERY:
                run.told = time.monotonic()
                last = data.rstrip().rsplit(b"\n", 1)[-1][-200:]
                await call_context.progress(last.decode("utf-8", "replace"))


def _outcome(connection: Connection, run: Run, *, timed_out: bool, seconds: float) -> Outcome:
    signal = run.process.exit_signal
    status = None if signal else run.process.exit_status
    return Outcome(
        host=connection.host.address,
        exit_status=status,
        signal=signal[0] if signal else None,
        timed_out=timed_out,
        connection_lost=status is None and signal is None and not connection.alive,
        remote_process=run.remote or "may still run",
        seconds=seconds,
    )
