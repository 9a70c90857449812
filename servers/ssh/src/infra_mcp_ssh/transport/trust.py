"""Adding one host key to known_hosts, and only the one whose fingerprint a person has compared."""

from typing import TYPE_CHECKING

from infra_mcp_common.errors import Conflict, Unreachable
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain.addresses import parse
from infra_mcp_ssh.domain.hosts import Host, TrustedKey
from infra_mcp_ssh.transport import host_keys, ssh_config
from infra_mcp_ssh.transport.connections import Connections
from infra_mcp_ssh.transport.host_keys import HostKeyChanged, HostKeyRevoked, HostKeyUnknown
from infra_mcp_ssh.transport.login import open_connection

if TYPE_CHECKING:
    from asyncssh import SSHClientConnection, SSHKey


async def trust(connections: Connections, name: str, fingerprint: str) -> TrustedKey:
    """Append the key of an unknown host if one of its keys has this fingerprint.

    Raises Conflict where none of its keys has, HostKeyChanged and HostKeyRevoked where known_hosts says otherwise.
    """
    call_context.require("write", "adding a host key")
    address = parse(name)
    host = ssh_config.resolve(address)
    call_context.check_target(str(address), host.hostname, host.name)
    known = host_keys.trusted(host).trusted
    if already := next((key for key in known if key.get_fingerprint() == fingerprint), None):
        return _trusted(host, already, added=False)
    offered = await _offered(host, await connections.tunnel(host, (address,)), fingerprint)
    chosen = offered[-1] if offered else None
    if chosen is None or chosen.get_fingerprint() != fingerprint:
        prints = [key.get_fingerprint() for key in offered]
        raise Conflict(
            f"{host.name} has no key with that fingerprint; it offers {', '.join(prints) or 'the one trusted now'}.",
            "Nothing was added. Compare with the fingerprint on the host itself.",
            offered=prints,
        )
    host_keys.append(host, chosen)
    return _trusted(host, chosen, added=True)


async def _offered(host: Host, tunnel: "SSHClientConnection | None", wanted: str) -> list["SSHKey"]:
    """The keys of an unknown host up to the wanted one, one connection for each kind of key."""
    offered: list[SSHKey] = []
    for algorithms in host_keys.PREFERRED:
        try:
            connection = await open_connection(
                host, tunnel, on_key=offered.append, server_host_key_algs=list(algorithms), client_keys=None
            )
            connection.abort()
        except HostKeyUnknown:
            if offered[-1].get_fingerprint() == wanted:
                break
        except (HostKeyChanged, HostKeyRevoked):
            raise
        except Unreachable:
            # A host without a key of this kind just breaks off; one that showed no key of any kind is out of reach.
            if algorithms == host_keys.PREFERRED[-1] and not offered:
                raise
    return offered


def _trusted(host: Host, key: "SSHKey", *, added: bool) -> TrustedKey:
    return TrustedKey(host, key.get_fingerprint(), key.algorithm.decode(), added)
