"""The connection to Proxmox VE, made from the settings at the first call and anew when they change."""

from typing import Annotated

from mcp.server.mcpserver import Resolve

from infra_mcp_common.runtime import current
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.identity import load


class Connection:
    """Keeps the client as long as the settings stay what they are."""

    def __init__(self) -> None:
        self._client: Client | None = None

    def api(self) -> Api:
        identity = load()
        if self._client is None or self._client.identity != identity:
            if self._client:
                self._client.close()
            self._client = Client(identity)
        return Api(self._client)

    async def close(self) -> None:
        if self._client:
            self._client.close()
            self._client = None


def connect() -> Api:
    """The API with the credentials of now; what is missing is said at this call."""
    return current().keep(Connection).api()


Proxmox = Annotated[Api, Resolve(connect)]
