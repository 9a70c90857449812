"""Kept SSH connections: one for each host, shared by all calls, opened again when it died.

Every hop is resolved, checked against known_hosts and logged in to in the same way; asyncssh alone would offer our
keys to the last hop only.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from infra_mcp_common.errors import Denied, InfraError, Unreachable
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain import addresses
from infra_mcp_ssh.transport import host_keys, identities, ssh_config
from infra_mcp_ssh.transport.ssh_config import Target

if TYPE_CHECKING:
    from asyncssh import SFTPClient, SSHClientConnection, SSHKey, SSHKeyPair

T = TypeVar("T")


_CHANNELS = 8  # sshd's MaxSessions is 10 by default
_KEYS_AT_ONCE = 5  # sshd's MaxAuthTries is 6 by default
_CONNECT_SECONDS = 20.0
_ALIVE_SECONDS, _ALIVE_MISSES = 5, 3


@dataclass
class Host:
    """One logged-in host. channels: what may go on at once on its connection; spare: one more, to stop one of them."""

    target: Target
    connection: "SSHClientConnection"
    channels: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CHANNELS))
    spare: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _sftp: "SFTPClient | None" = None

    @property
    def alive(self) -> bool:
        return not self.connection.is_closed()

    async def sftp(self) -> "SFTPClient":
        """The connection's file channel, opened once."""
        async with self._opening:
            if self._sftp is None:
                self._sftp = await self.connection.start_sftp_client()
            return self._sftp


class Connections:
    """All kept connections of one server."""

    def __init__(self) -> None:
        self._hosts: dict[addresses.Address, Host] = {}
        self._locks: dict[addresses.Address, asyncio.Lock] = {}

    async def use(self, host: str, work: Callable[[Host], Awaitable[T]]) -> T:
        """Do `work` on a host. Where the kept connection turns out dead before the work began, a new one is tried.

        Raises InvalidInput for a bad name, HostKey... and Denied from logging in, Unreachable for the rest.
        """
        import asyncssh

        kept = await self.host(addresses.parse(host))
        try:
            async with kept.channels:
                return await work(kept)
        except asyncssh.ChannelOpenError as error:
            if kept.alive:
                raise Unreachable(f"{host} opens no more channels.", "Try again when other calls ended.") from error
        fresh = await self.host(addresses.parse(host))
        async with fresh.channels:
            return await work(fresh)

    async def host(
        self, address: addresses.Address, hops: tuple[addresses.Address, ...] = (), through: Host | None = None
    ) -> Host:
        """The host's kept connection, or a new one; concurrent calls wait for the same login.

        through: the jump host before this one in a list of several, in place of the one the configuration names.
        """
        target = ssh_config.resolve(address)
        if not hops:
            call_context.check_target(str(address), target.host, target.name)
        async with self._locks.setdefault(address, asyncio.Lock()):
            kept = self._hosts.get(address)
            if kept is None or not kept.alive or kept.target != target:
                tunnel = through.connection if through else await self.tunnel(target, (*hops, address))
                kept = self._hosts[address] = Host(target, await log_in(target, tunnel))
        return kept

    async def tunnel(self, target: Target, hops: tuple[addresses.Address, ...]) -> "SSHClientConnection | None":
        """The connection to a target's last jump host, if it has one. hops: the hosts that are waiting for it."""
        last: Host | None = None
        for jump in target.jumps:
            if jump in hops:
                raise Unreachable(f"ProxyJump leads from {hops[-1]} back to {jump}.", "Correct the SSH configuration.")
            last = await self.host(jump, hops, last)
        return last.connection if last else None

    async def close(self) -> None:
        """Let go of everything."""
        for host in self._hosts.values():
            host.connection.abort()
        self._hosts.clear()


async def log_in(target: Target, tunnel: "SSHClientConnection | None") -> "SSHClientConnection":
    """Open a connection: agent and first keys together, then the keys alone, few enough at a time for the server."""
    import asyncssh

    found = identities.load(target.key_files)
    refused: Exception | None = None
    for agent, offered in _attempts(target, found):
        try:
            return await open_connection(target, tunnel, agent_path=agent, client_keys=offered or None)
        except (asyncssh.PermissionDenied, asyncssh.ProtocolError) as error:
            refused = error
    raise await _denied(target, found, refused)


def _attempts(target: Target, found: identities.Keys) -> Iterator[tuple[str | None, "list[SSHKeyPair]"]]:
    pairs = [pair for _, loaded in found.pairs for pair in loaded]
    parts = [pairs[start : start + _KEYS_AT_ONCE] for start in range(0, len(pairs), _KEYS_AT_ONCE)]
    if target.agent or not parts:
        yield target.agent, parts[0] if parts else []
    yield from ((None, part) for part in parts)


async def open_connection(
    target: Target,
    tunnel: "SSHClientConnection | None",
    *,
    on_key: "Callable[[SSHKey], None] | None" = None,
    **how: Any,
) -> "SSHClientConnection":
    """One connection attempt with the host key checked. on_key: is told the key that the host offers, if untrusted."""
    import asyncssh

    offered: list[SSHKey] = []

    class Client(asyncssh.SSHClient):
        def validate_host_public_key(self, _host: str, _addr: str, _port: int, key: "SSHKey") -> bool:
            offered.append(key)
            return False

    known = host_keys.trusted(target)
    if not known[0] and not known[1]:
        how.setdefault("server_host_key_algs", [name for names in host_keys.PREFERRED for name in names])
    try:
        return await asyncssh.connect(
            target.address.host,
            port=target.port,
            username=target.user,
            config=ssh_config.files(),
            tunnel=tunnel,
            known_hosts=known,
            client_factory=Client,
            password_auth=False,
            kbdint_auth=False,
            connect_timeout=_CONNECT_SECONDS,
            login_timeout=_CONNECT_SECONDS,
            keepalive_interval=_ALIVE_SECONDS,
            keepalive_count_max=_ALIVE_MISSES,
            **how,
        )
    except asyncssh.HostKeyNotVerifiable:
        if on_key and offered:
            on_key(offered[0])
        raise host_keys.refusal(target, offered[0] if offered else None) from None
    except (OSError, asyncssh.Error) as error:
        raise explain(target, error) from None


def explain(target: Target, error: Exception) -> Exception:
    """A failed connection in the suite's words; refused logins go on as they are, another key may do."""
    import asyncssh

    if isinstance(error, asyncssh.PermissionDenied | asyncssh.ProtocolError):
        return error
    where = f"{target.host} port {target.port}"
    if isinstance(error, asyncssh.KeyExchangeFailed):
        return Unreachable(f"{where} shares no algorithm with us.", "Update its SSH server.", said=str(error))
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(f"{where} refuses connections.", "Is its SSH server running, and is the port right?")
    if isinstance(error, TimeoutError | asyncssh.ConnectionLost):
        return Unreachable(f"{where} did not complete the login in time.", "Check the address, network and firewalls.")
    if "getaddrinfo" in str(error) or "Name or service" in str(error) or "resolve" in str(error):
        return Unreachable(f"The name {target.host} does not resolve.", "Check the name, or list_hosts for aliases.")
    return Unreachable(f"{where} can't be reached.", "Check address, network and jump hosts.", said=str(error))


async def _denied(target: Target, found: identities.Keys, error: Exception | None) -> InfraError:
    held = await identities.in_agent(target.agent)
    agent = "no ssh-agent" if held is None else f"the ssh-agent ({len(held)} keys)"
    tried = "; ".join((agent, *found.notes))
    return Denied(
        f"{target.host} does not let {target.user} in with any key. Tried: {tried}.",
        f"Add the right key to the ssh-agent, or its public half to {target.user}'s authorized_keys on the host.",
        said=str(error or ""),
        user=target.user,
        host=target.host,
        tried=[agent, *found.notes],
    )


def connections() -> Connections:
    """For `Resolve`: the kept connections of this server."""
    return current().keep(Connections)
