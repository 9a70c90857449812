"""The commands of the embedded SSH host, in a real shell."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import asyncssh


class Commands:
    """Runs commands with this folder as their home, notes each as ("run", command), and remembers them to the end."""

    def __init__(self, home: Path, user: str, requests: list[tuple[str, str]]) -> None:
        self._home = home
        self._user = user
        self._requests = requests
        self._started: list[Process] = []

    async def run(self, channel: asyncssh.SSHServerProcess[bytes]) -> None:
        """Run the command of one channel, or a shell that reads its commands from stdin."""
        self._requests.append(("run", channel.command or ""))
        command = await self._start(["-c", channel.command] if channel.command else [])
        feeding = asyncio.create_task(_feed(channel, command))
        await asyncio.gather(_drain(command.stdout, channel.stdout), _drain(command.stderr, channel.stderr))
        status = await command.wait()
        feeding.cancel()
        if status < 0:
            channel.exit_with_signal(signal.Signals(-status).name.removeprefix("SIG"))
        else:
            channel.exit(status)

    async def kill(self) -> None:
        """End what still runs."""
        running = [command for command in self._started if command.returncode is None]
        for command in running:
            _signal_group(command, "KILL")
        await asyncio.gather(*(command.wait() for command in running))

    async def _start(self, arguments: list[str]) -> Process:
        shell = "/bin/sh"
        environment = {"HOME": str(self._home), "USER": self._user, "LOGNAME": self._user, "SHELL": shell}
        command = await asyncio.create_subprocess_exec(
            shell,
            *arguments,
            cwd=self._home,
            env=environment | {"PATH": os.environ.get("PATH", os.defpath)},
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        self._started.append(command)
        return command


async def _feed(channel: asyncssh.SSHServerProcess[bytes], command: Process) -> None:
    """Pass on what the client sends: input, its end, and signals."""
    assert command.stdin  # noqa: S101  (started with a pipe)
    while True:
        try:
            data = await channel.stdin.read(65536)
        except asyncssh.SignalReceived as received:
            _signal_group(command, received.signal)
            continue
        if not data:
            break
        command.stdin.write(data)
        await command.stdin.drain()
    command.stdin.close()


async def _drain(source: asyncio.StreamReader | None, sink: asyncssh.SSHWriter[bytes]) -> None:
    assert source  # noqa: S101  (started with a pipe)
    while data := await source.read(65536):
        with contextlib.suppress(BrokenPipeError):  # the connection is lost, the command goes on
            sink.write(data)
            await sink.drain()


def _signal_group(command: Process, name: str) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(command.pid, getattr(signal, f"SIG{name}"))
