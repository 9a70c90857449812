"""An SSH host inside this process, on loopback. It needs Python and asyncssh, no sshd.

Commands run in a real shell with the host's folder as their home, and SFTP sees the same files by the same names. Like
OpenSSH it ignores the client's environment, signals the whole process group, and leaves a command running when its
connection is lost; what still runs is killed when the host closes.
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import asyncssh

from sandbox.ssh_files import Files

USER = "demo"


@dataclass
class SshHost:
    """What a client may know of the host, and what the host was asked to do."""

    home: Path
    authorized_keys: asyncssh.SSHAuthorizedKeys
    host_key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    port: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)
    """(kind, what) in order: ("login", user), ("run", command), ("open", path), ("posix_rename", path to path) ..."""
    commands: list[Process] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        return self.host_key.get_fingerprint()

    @property
    def known_hosts_line(self) -> str:
        return f"[127.0.0.1]:{self.port} {self.host_key.export_public_key().decode()}"


@asynccontextmanager
async def ssh_host(home: Path, public_key: str) -> AsyncIterator[SshHost]:
    """Serve this folder as the home of `USER` to the holder of the key until the block ends."""
    home.mkdir(exist_ok=True)
    host = SshHost(home, asyncssh.import_authorized_keys(public_key))
    listener = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=partial(_Door, host),
        server_host_keys=[host.host_key],
        process_factory=partial(_run, host),
        sftp_factory=partial(Files, host.home, host.requests),
        encoding=None,
    )
    host.port = listener.get_port()
    try:
        yield host
    finally:
        listener.close()
        for command in host.commands:
            _signal_group(command, "KILL")
        await asyncio.gather(*(command.wait() for command in host.commands))
        await listener.wait_closed()


class _Door(asyncssh.SSHServer):
    """Lets in one user by key, and nobody by anything else."""

    def __init__(self, host: SshHost) -> None:
        self._host = host

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        self._host.requests.append(("login", username))
        if username == USER:
            self._connection.set_authorized_keys(self._host.authorized_keys)
        return True


async def _run(host: SshHost, channel: asyncssh.SSHServerProcess[bytes]) -> None:
    """Run the command of one channel, or a shell that reads its commands from stdin."""
    host.requests.append(("run", channel.command or ""))
    arguments = ["-c", channel.command] if channel.command else []
    command = await asyncio.create_subprocess_exec(
        "/bin/sh",
        *arguments,
        cwd=host.home,
        env=_environment(host),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    host.commands.append(command)
    feeding = asyncio.create_task(_feed(channel, command))
    await asyncio.gather(_drain(command.stdout, channel.stdout), _drain(command.stderr, channel.stderr))
    status = await command.wait()
    feeding.cancel()
    if status < 0:
        channel.exit_with_signal(signal.Signals(-status).name.removeprefix("SIG"))
    else:
        channel.exit(status)


def _environment(host: SshHost) -> dict[str, str]:
    return {"HOME": str(host.home), "USER": USER, "LOGNAME": USER, "SHELL": "/bin/sh", "PATH": os.environ["PATH"]}


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
