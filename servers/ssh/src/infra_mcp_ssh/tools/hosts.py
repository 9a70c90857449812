"""Which hosts there are, and trusting a new one."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh.answers.hosts import Hosts, KnownHost, Trusted
from infra_mcp_ssh.tools.parameters import HostName, Ssh
from infra_mcp_ssh.transport import inventory, ssh_config
from infra_mcp_ssh.transport.trust import trust


@tool("read")
async def list_hosts(
    offset: Annotated[int, Field(ge=0, description="Host to begin at")] = 0,
    limit: Annotated[int, Field(ge=1, le=500, description="Hosts at most")] = 100,
) -> Hosts:
    """List the hosts of the SSH configuration, each with address, user, jump hosts, usable keys and host key state."""
    part, where = page(ssh_config.aliases(), offset, limit)
    held = await inventory.keys_in_agent()
    agent = "no ssh-agent answers" if held is None else f"{held} keys"
    return Hosts(hosts=[KnownHost.of(inventory.describe(alias)) for alias in part], agent=agent, page=where)


@tool("write")
async def trust_host(
    ssh: Ssh,
    host: HostName,
    fingerprint: Annotated[
        str, Field(pattern="^SHA256:[A-Za-z0-9+/]{43}$", description="As compared on the host itself: SHA256:...")
    ],
) -> Trusted:
    """Trust the host key of an unknown host, if the host offers a key with exactly this fingerprint."""
    return Trusted.of(await trust(ssh, host, fingerprint))
