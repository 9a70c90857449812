"""What would be used to log in to a configured host, found out without connecting."""

from infra_mcp_common.errors import InfraError
from infra_mcp_ssh.domain.addresses import Address, parse
from infra_mcp_ssh.domain.hosts import ConfiguredHost
from infra_mcp_ssh.transport import host_keys, identities, ssh_config


def describe(alias: str) -> ConfiguredHost:
    """One configured host; what is wrong with it stands in `problem`."""
    try:
        host = ssh_config.resolve(parse(alias))
        notes = tuple(identities.load(host.key_files).notes)
        return ConfiguredHost(alias, host, notes, host_keys.state(host))
    except InfraError as error:
        return ConfiguredHost(alias, problem=error.problem)


async def keys_in_agent() -> int | None:
    """How many keys the agent holds that is asked where the configuration names none for a host."""
    return await identities.in_agent(ssh_config.resolve(Address("localhost")).agent)
