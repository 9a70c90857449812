"""Who we are to the cluster."""

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.access import Who
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("read")
async def whoami(api: Proxmox) -> Who:
    """Show the token's effective rights, and which of these tools they allow."""
    client = api.client
    return Who.of(
        await api.cluster.permissions(),
        token=client.identity.token_id,
        host=client.host,
        version=await api.cluster.version(),
        verified_by=client.trust.how(),
    )
