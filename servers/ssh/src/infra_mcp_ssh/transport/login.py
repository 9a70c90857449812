"""Logging in to one host: its key checked against known_hosts, our keys offered a few at a time."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypedDict, Unpack

from infra_mcp_common.errors import Denied, InfraError, Unreachable
from infra_mcp_ssh import settings
from infra_mcp_ssh.domain.hosts import Host
from infra_mcp_ssh.transport import host_keys, identities, ssh_config
from infra_mcp_ssh.transport.proxy_command import ProxyCommand

if TYPE_CHECKING:
    from asyncssh import SSHClientConnection, SSHClientConnectionOptions, SSHKey, SSHKeyPair

    from infra_mcp_ssh.transport.config_parser import ClientConfig

_KEYS_AT_ONCE = 5  # sshd's MaxAuthTries is 6 by default
_CONNECT_SECONDS = 20.0
_ALIVE_SECONDS, _ALIVE_MISSES = 5, 3


class Offer(TypedDict, total=False):
    """What one attempt offers, and which kinds of host key it asks for."""

    agent_path: str | None
    client_keys: "list[SSHKeyPair] | None"
    server_host_key_algs: list[str]


async def log_in(host: Host, tunnel: "SSHClientConnection | None") -> "SSHClientConnection":
    """Open a connection: agent and first keys together, then the keys alone, few enough at a time for the server."""
    import asyncssh

    found = identities.load(host.key_files)
    refused: Exception | None = None
    for agent, offered in _attempts(host, found):
        try:
            return await open_connection(host, tunnel, agent_path=agent, client_keys=offered or None)
        except (asyncssh.PermissionDenied, asyncssh.ProtocolError) as error:
            refused = error
    raise await _denied(host, found, refused)


def _attempts(host: Host, found: identities.Identities) -> Iterator[tuple[str | None, "list[SSHKeyPair]"]]:
    parts = [found.pairs[start : start + _KEYS_AT_ONCE] for start in range(0, len(found.pairs), _KEYS_AT_ONCE)]
    if host.agent or not parts:
        yield host.agent, parts[0] if parts else []
    yield from ((None, part) for part in parts)


async def open_connection(
    host: Host,
    tunnel: "SSHClientConnection | None",
    *,
    on_key: "Callable[[SSHKey], None] | None" = None,
    **offer: Unpack[Offer],
) -> "SSHClientConnection":
    """One connection attempt with the host key checked. on_key: is told the key that the host offers, if untrusted."""
    import asyncssh

    offered: list[SSHKey] = []

    class Client(asyncssh.SSHClient):
        def validate_host_public_key(self, _host: str, _addr: str, _port: int, key: "SSHKey") -> bool:
            offered.append(key)
            return False

    known = host_keys.trusted(host)
    if not known.trusted and not known.authorities:
        offer.setdefault("server_host_key_algs", [name for names in host_keys.PREFERRED for name in names])
    config = ssh_config.read(host.address)
    command = config.word("ProxyCommand")
    proxy = ProxyCommand(command) if command and tunnel is None else None
    try:
        return await asyncssh.connect(
            host.address.host,
            port=host.port,
            username=host.user,
            options=_options(config),
            tunnel=proxy or tunnel,
            known_hosts=known,
            client_factory=Client,
            **offer,
        )
    except asyncssh.HostKeyNotVerifiable:
        if on_key and offered:
            on_key(offered[0])
        raise host_keys.refusal(host, offered[0] if offered else None) from None
    except (OSError, asyncssh.Error) as error:
        raise explain(host, error) from None


def _options(config: "ClientConfig") -> "SSHClientConnectionOptions":
    """What the configuration says, and in place of all that asyncssh would look for in this process, ours.

    X11 and GSSAPI stay off: their libraries find display and tickets by the environment of the process.
    """
    import asyncssh

    options = asyncssh.SSHClientConnectionOptions(
        config=None,
        agent_path=None,
        client_keys=None,
        client_certs=[str(settings.local_path(name)) for name in config.words("CertificateFile")],
        client_username=settings.local_user(),
        connect_timeout=_CONNECT_SECONDS,
        env=ssh_config.sent_environment(config),
        gss_host=None,
        kbdint_auth=False,
        keepalive_count_max=_ALIVE_MISSES,
        keepalive_interval=_ALIVE_SECONDS,
        login_timeout=_CONNECT_SECONDS,
        password_auth=False,
        proxy_command=None,
        send_env=None,
        x11_forwarding=False,
        x509_trusted_cert_paths=[],
        x509_trusted_certs=[],
    )
    options.config = config
    return options


def explain(host: Host, error: Exception) -> Exception:
    """A failed connection in the suite's words; refused logins go on as they are, another key may do."""
    import asyncssh

    if isinstance(error, asyncssh.PermissionDenied | asyncssh.ProtocolError):
        return error
    where = f"{host.hostname} port {host.port}"
    if isinstance(error, asyncssh.KeyExchangeFailed):
        return Unreachable(f"{where} shares no algorithm with us.", "Update its SSH server.", said=str(error))
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(f"{where} refuses connections.", "Is its SSH server running, and is the port right?")
    if isinstance(error, TimeoutError | asyncssh.ConnectionLost):
        return Unreachable(f"{where} did not complete the login in time.", "Check the address, network and firewalls.")
    if "getaddrinfo" in str(error) or "Name or service" in str(error) or "resolve" in str(error):
        return Unreachable(f"The name {host.hostname} does not resolve.", "Check the name, or list_hosts for aliases.")
    return Unreachable(f"{where} can't be reached.", "Check address, network and jump hosts.", said=str(error))


async def _denied(host: Host, found: identities.Identities, error: Exception | None) -> InfraError:
    held = await identities.in_agent(host.agent)
    agent = "no ssh-agent" if held is None else f"the ssh-agent ({held} keys)"
    tried = "; ".join((agent, *found.notes))
    return Denied(
        f"{host.hostname} does not let {host.user} in with any key. Tried: {tried}.",
        f"Add the right key to the ssh-agent, or its public half to {host.user}'s authorized_keys on the host.",
        said=str(error or ""),
        user=host.user,
        host=host.hostname,
        tried=[agent, *found.notes],
    )
