"""Kept SSH connections: one for each host, shared by all calls, opened again when it died.

Every hop is resolved, checked against known_hosts and logged in to in the same way; asyncssh alone would offer our
keys to the last hop only.
"""

import asyncio
import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from infra_mcp_common.errors import Unreachable
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain.addresses import Address, parse
from infra_mcp_ssh.domain.hosts import Host
from infra_mcp_ssh.transport import ssh_config
from infra_mcp_ssh.transport.login import log_in

if TYPE_CHECKING:
    from asyncssh import SFTPClient, SSHClientConnection

P = ParamSpec("P")
T = TypeVar("T")

_CHANNELS = 8  # sshd's MaxSessions is 10 by default


@dataclass
class Connection:
    """One logged-in host. channels: what may go on at once; spare: one more, to stop one of them."""

    host: Host
    ssh: "SSHClientConnection"
    channels: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CHANNELS))
    spare: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sftp: "SFTPClient | None" = None

    @property
    def alive(self) -> bool:
        return not self.ssh.is_closed()

    async def sftp(self) -> "SFTPClient":
        """The connection's file channel, opened once."""
        async with self._opening:
            if self._sftp is None:
                self._sftp = await self.ssh.start_sftp_client()
            return self._sftp

    async def output_of(self, *argv: str) -> bytes | None:
        """What a small command prints, or None where it failed; for looking, not for changing."""
        finished = await self.ssh.run(shlex.join(argv), encoding=None, stdin=b"", check=False)
        return finished.stdout if finished.exit_status == 0 and isinstance(finished.stdout, bytes) else None


class Connections:
    """All kept connections of one server."""

    def __init__(self) -> None:
        self._kept: dict[Address, Connection] = {}
        self._replaced: list[Connection] = []
        self._locks: dict[Address, asyncio.Lock] = {}

    async def use(
        self, host: str, work: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do `work` on a host. Where the kept connection turns out dead before the work began, a new one is tried.

        Raises InvalidInput for a bad name, HostKey... and Denied from logging in, Unreachable for the rest.
        """
        import asyncssh

        kept = await self.connection(parse(host))
        try:
            async with kept.channels:
                return await work(kept, *args, **kwargs)
        except asyncssh.ChannelOpenError as error:
            if kept.alive:
                raise Unreachable(f"{host} opens no more channels.", "Try again when other calls ended.") from error
        fresh = await self.connection(parse(host))
        async with fresh.channels:
            return await work(fresh, *args, **kwargs)

    async def connection(
        self, address: Address, hops: tuple[Address, ...] = (), through: Connection | None = None
    ) -> Connection:
        """The host's kept connection, or a new one; concurrent calls wait for the same login.

        through: the jump host before this one in a list of several, in place of the one the configuration names.
        """
        host = ssh_config.resolve(address)
        if not hops:
            call_context.check_target(str(address), host.hostname, host.name)
        async with self._locks.setdefault(address, asyncio.Lock()):
            kept = self._kept.get(address)
            if kept is None or not kept.alive or kept.host != host:
                tunnel = through.ssh if through else await self.tunnel(host, (*hops, address))
                self._replaced += [kept] if kept else []
                kept = self._kept[address] = Connection(host, await log_in(host, tunnel))
        return kept

    async def tunnel(self, host: Host, hops: tuple[Address, ...]) -> "SSHClientConnection | None":
        """The connection to a host's last jump host, if it has one. hops: the hosts that are waiting for it."""
        last: Connection | None = None
        for jump in host.jumps:
            if jump in hops:
                raise Unreachable(f"ProxyJump leads from {hops[-1]} back to {jump}.", "Correct the SSH configuration.")
            last = await self.connection(jump, hops, last)
        return last.ssh if last else None

    async def close(self) -> None:
        """Let go of everything."""
        ending = [*self._replaced, *self._kept.values()]
        self._kept.clear()
        self._replaced.clear()
        for connection in ending:
            connection.ssh.abort()
        for connection in ending:
            await connection.ssh.wait_closed()


def connections() -> Connections:
    """For `Resolve`: the kept connections of this server."""
    return current().keep(Connections)
