"""The door of the embedded SSH host, and what can be seen of it from outside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import asyncssh

from sandbox.ssh.commands import Commands
from sandbox.ssh.files import Files

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
    commands = Commands(home, USER, host.requests)
    listener = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=partial(_Door, host),
        server_host_keys=[host.host_key],
        process_factory=commands.run,
        sftp_factory=partial(Files, host.home, host.requests),
        encoding=None,
    )
    host.port = listener.get_port()
    try:
        yield host
    finally:
        listener.close()
        await commands.kill()
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
