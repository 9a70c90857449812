"""Adding one host key to known_hosts, and only the one whose fingerprint a person has compared."""

from typing import TYPE_CHECKING

from infra_mcp_common.errors import Conflict, Unreachable
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain import addresses
from infra_mcp_ssh.models import Trusted
from infra_mcp_ssh.transport import host_keys, ssh_config
from infra_mcp_ssh.transport.connections import Connections, open_connection
from infra_mcp_ssh.transport.host_keys import HostKeyChanged, HostKeyRevoked, HostKeyUnknown
from infra_mcp_ssh.transport.ssh_config import Target

if TYPE_CHECKING:
    from asyncssh import SSHClientConnection, SSHKey


async def trust(connections: Connections, host: str, fingerprint: str) -> Trusted:
    """Append the key of an unknown host if one of its keys has this fingerprint.

    Raises Conflict where none of its keys has, HostKeyChanged and HostKeyRevoked where known_hosts says otherwise.
    """
    call_context.require("write", "adding a host key")
    address = addresses.parse(host)
    target = ssh_config.resolve(address)
    call_context.check_target(str(address), target.host, target.name)
    known, *_ = host_keys.trusted(target)
    if already := next((key for key in known if key.get_fingerprint() == fingerprint), None):
        return _trusted(target, already, added=False)
    offered = await _offered(target, await connections.tunnel(target, (address,)), fingerprint)
    chosen = offered[-1] if offered else None
    if chosen is None or chosen.get_fingerprint() != fingerprint:
        prints = [key.get_fingerprint() for key in offered]
        raise Conflict(
            f"{target.name} has no key with that fingerprint; it offers {', '.join(prints) or 'the one trusted now'}.",
            "Nothing was added. Compare with the fingerprint on the host itself.",
            offered=prints,
        )
    host_keys.append(target, chosen)
    return _trusted(target, chosen, added=True)


async def _offered(target: Target, tunnel: "SSHClientConnection | None", wanted: str) -> list["SSHKey"]:
    """The keys of an unknown host up to the wanted one, one connection for each kind of key."""
    offered: list[SSHKey] = []
    for algorithms in host_keys.PREFERRED:
        try:
            connection = await open_connection(
                target, tunnel, on_key=offered.append, server_host_key_algs=list(algorithms), client_keys=None
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


def _trusted(target: Target, key: "SSHKey", *, added: bool) -> Trusted:
    return Trusted(
        host=target.name,
        fingerprint=key.get_fingerprint(),
        key_type=key.algorithm.decode(),
        known_hosts=str(target.known_hosts[0]),
        added=added,
    )
