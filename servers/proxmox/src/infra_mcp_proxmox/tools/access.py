"""Who we are to the cluster."""

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Who
from infra_mcp_proxmox.domain import privileges as rights
from infra_mcp_proxmox.transport.connection import Proxmox


@tool("read")
async def whoami(api: Proxmox) -> Who:
    """Show the token's effective rights, and which of these tools they allow."""
    version, permissions = await api.version(), await api.permissions()
    verdicts = {name: rights.verdict(permissions, needs) for name, needs in rights.NEEDS.items()}
    identity = api.client.identity
    return Who(
        token=identity.token_id,
        host=api.client.host,
        version=str(version.get("version")),
        verified_by=api.client.trust.how(),
        rights={path: sorted(privileges) for path, privileges in sorted(permissions.items()) if privileges},
        tools={
            where: sorted(name for name, (found, _) in verdicts.items() if found == where)
            for where in ("everywhere", "some", "nowhere")
        },
        missing={name: lacking for name, (found, lacking) in verdicts.items() if found != "everywhere"},
        note=None
        if permissions
        else "No rights at all: a token with privilege separation starts with none of its own.",
    )
