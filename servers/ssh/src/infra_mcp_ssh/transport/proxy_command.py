"""ProxyCommand: a program of this machine whose standard input and output are the connection to a host."""

import asyncio
import shlex
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from infra_mcp_common.runtime import current

if TYPE_CHECKING:
    from asyncssh import SSHClientConnection


class ProxyCommand:
    """One run of a ProxyCommand, as asyncssh takes a tunnel; asyncssh's own would get this process's environment."""

    def __init__(self, command: str) -> None:
        self._argv = shlex.split(command)
        self._child: asyncio.SubprocessTransport | None = None

    async def create_connection(
        self, session_factory: "Callable[[], SSHClientConnection]", _host: str, _port: int
    ) -> "tuple[asyncio.Transport, SSHClientConnection]":
        """Start the program and speak to what is behind it."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                await self._start(theirs)
            transport, connection = await loop.create_connection(session_factory, sock=ours)
        except BaseException:
            ours.close()
            self.close()
            raise
        connection.set_tunnel(self)
        return transport, connection

    def close(self) -> None:
        """End the program; the connection calls this when it ends."""
        if self._child is not None:
            self._child.close()

    async def wait_closed(self) -> None:
        """For asyncssh; a program that was killed needs no patience."""

    async def _start(self, end: socket.socket) -> None:
        self._child, _ = await asyncio.get_running_loop().subprocess_exec(
            asyncio.SubprocessProtocol,
            *self._argv,
            stdin=end.fileno(),
            stdout=end.fileno(),
            stderr=None,
            env=dict(current().environment),
            cwd=current().paths.working_directory,
            start_new_session=True,
        )
