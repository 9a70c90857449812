"""Remote commands: started, fed, watched, and stopped at their deadline."""

import shlex
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio

from infra_mcp_common.errors import InvalidInput, NotConfigured
from infra_mcp_common.io.kept_output import Capture
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh import settings
from infra_mcp_ssh.models import CommandResult, Remote
from infra_mcp_ssh.transport import stopping
from infra_mcp_ssh.transport.connections import Host

if TYPE_CHECKING:
    from asyncssh import SSHClientProcess

_TELL_EVERY = 1.0


@dataclass
class Run:
    """One command under way and what came of it so far."""

    process: "SSHClientProcess[bytes]"
    out: Capture = field(default_factory=Capture)
    err: Capture = field(default_factory=Capture)
    remote: Remote | None = None
    told: float = 0.0


def script(command: str, cwd: str | None, env: Mapping[str, str]) -> str:
    """The command with its directory and variables set by the shell, since sshd drops most variables sent to it."""
    if "\0" in command + (cwd or "") + "".join(env.values()):
        raise InvalidInput("A NUL character can't be passed to a shell.", "Remove it.")
    if bad := [name for name in env if not (name.isidentifier() and name.isascii())]:
        raise InvalidInput(f"{bad[0]!r} is no name of a variable.", "Use letters, digits and _.")
    lines = [f"cd {shlex.quote(cwd)} || exit 1"] if cwd else []
    lines += [f"export {name}={shlex.quote(value)}" for name, value in env.items()]
    return "\n".join([*lines, command])


async def run(host: Host, text: str, *, stdin: bytes, sudo: bool, timeout: float) -> CommandResult:
    """Run a shell text on a host within `timeout` seconds; at the deadline or on cancellation it is stopped there."""
    began, mark = time.monotonic(), stopping.new_mark()
    text = f"export {stopping.VARIABLE}={mark}\n{text}"
    if sudo:
        text, stdin = await _with_sudo(host, stopping.bounded(text, timeout), stdin)
    process = await host.connection.create_process(text, encoding=None)
    run = Run(process)
    try:
        with anyio.move_on_after(timeout - (time.monotonic() - began)) as deadline:
            await _converse(run, stdin)
            run.remote = "may still run" if process.exit_status is None else "ended"
    finally:
        if run.remote is None:
            with anyio.CancelScope(shield=True):
                run.remote = await stopping.stop(host, process, mark, sudo=sudo)
        process.close()
    return _result(host, run, timed_out=deadline.cancelled_caught, seconds=time.monotonic() - began)


async def output_of(host: Host, *argv: str) -> bytes | None:
    """What a small command prints, or None where it failed; for looking, not for changing."""
    finished = await host.connection.run(shlex.join(argv), encoding=None, stdin=b"", check=False)
    return finished.stdout if finished.exit_status == 0 and isinstance(finished.stdout, bytes) else None


async def _with_sudo(host: Host, argv: list[str], stdin: bytes) -> tuple[str, bytes]:
    # Asked first: a password that sudo does not want would become the first line of the command's own input.
    if await output_of(host, "sudo", "-n", "-k", "--", "sh", "-c", ":") is not None:
        return shlex.join(["sudo", "-n", *argv]), stdin
    password = current().settings.get(settings.SUDO_PASSWORD)
    if not password:
        raise NotConfigured(
            f"sudo on {host.target.host} asks {host.target.user} for a password (or is not allowed, or not there).",
            f"Put it into {settings.SUDO_PASSWORD.name} in the env file, or allow passwordless sudo for this user.",
            setting=settings.SUDO_PASSWORD.name,
        )
    return shlex.join(["sudo", "-k", "-S", "-p", "", *argv]), password.encode() + b"\n" + stdin


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


async def _read(run: Run, stream: Any, capture: Capture) -> None:
    import asyncssh

    with suppress(asyncssh.Error, OSError):
        while data := await stream.read(65536):
            capture.feed(data)
            if time.monotonic() - run.told > _TELL_EVERY:
                run.told = time.monotonic()
                last = data.rstrip().rsplit(b"\n", 1)[-1][-200:]
                await call_context.progress(last.decode("utf-8", "replace"))


def _result(host: Host, run: Run, *, timed_out: bool, seconds: float) -> CommandResult:
    signal = run.process.exit_signal
    status = None if signal else run.process.exit_status
    lost = status is None and signal is None and not host.alive
    return CommandResult(
        host=str(host.target.address),
        exit_status=status,
        signal=signal[0] if signal else None,
        timed_out=timed_out,
        connection_lost=lost,
        remote_process=run.remote or "may still run",
        stdout=run.out.output(),
        stderr=run.err.output(),
        seconds=round(seconds, 3),
    )
