"""What would be used to log in to a configured host, found out without connecting."""

from infra_mcp_common.errors import InfraError
from infra_mcp_ssh.domain import addresses
from infra_mcp_ssh.models import KnownHost
from infra_mcp_ssh.transport import host_keys, identities, ssh_config


def describe(alias: str) -> KnownHost:
    """One configured host; what is wrong with it stands in `problem`."""
    try:
        target = ssh_config.resolve(addresses.parse(alias))
        return KnownHost(
            alias=alias,
            host=target.host,
            port=target.port,
            user=target.user,
            jumps=[str(jump) for jump in target.jumps] or None,
            key_files=identities.load(target.key_files).notes,
            host_key=host_keys.standing(target),
        )
    except InfraError as error:
        return KnownHost(alias=alias, host="", port=0, user="", key_files=[], host_key="unknown", problem=error.problem)
