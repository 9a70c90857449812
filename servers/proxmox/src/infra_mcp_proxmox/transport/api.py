"""The Proxmox VE API as the tools use it: calls by what they do, grouped by what they are about."""

from infra_mcp_proxmox.domain.command import CommandResult, Interpreter
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.domain.health import Health
from infra_mcp_proxmox.transport import container_exec, guest_agent, health
from infra_mcp_proxmox.transport.addresses import GuestAddresses
from infra_mcp_proxmox.transport.api_schema import ApiSchema
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.cluster import Cluster
from infra_mcp_proxmox.transport.guests import Guests
from infra_mcp_proxmox.transport.snapshots import GuestSnapshots
from infra_mcp_proxmox.transport.storage import Storages
from infra_mcp_proxmox.transport.tasks import Tasks


class Api:
    """A cluster, reached with one token."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cluster = Cluster(client)
        self.guests = Guests(client, self.cluster)
        self.addresses = GuestAddresses(client, self.guests)
        self.snapshots = GuestSnapshots(client)
        self.storage = Storages(client)
        self.tasks = Tasks(client)
        self.schema = ApiSchema(client)

    async def health(self) -> Health:
        return await health.look(self.cluster, self.tasks)

    async def run_in_container(self, guest: GuestRef, command: str, stdin: bytes, seconds: int) -> CommandResult:
        """Run a command as root in a container's shell; it is stopped there after so many seconds."""
        return await container_exec.run(self.client, guest, command, stdin, seconds)

    async def run_in_vm(
        self, guest: GuestRef, interpreter: Interpreter, command: str, stdin: str | None, seconds: float
    ) -> CommandResult:
        """Run a command in a VM by its guest agent, and wait so many seconds for its end."""
        return await guest_agent.run(self.client, guest, interpreter, command, stdin, seconds)
