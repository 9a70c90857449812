"""The server's own description of its API, and the documented calls that have no method of their own here."""

from collections.abc import Mapping

from infra_mcp_common.runtime import current
from infra_mcp_proxmox.domain import api_schema
from infra_mcp_proxmox.domain.api_schema import Endpoint, Method
from infra_mcp_proxmox.transport.client import Client


class ReadSchemas:
    """The documented calls that were read so far, by host and version."""

    def __init__(self) -> None:
        self.by_server: dict[str, list[Endpoint]] = {}


class ApiSchema:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def endpoints(self) -> list[Endpoint]:
        """All documented calls of this server's version, fetched once."""
        key = f"{self._client.host} {(await self._client.row('/version')).get('version')}"
        read = current().keep(ReadSchemas).by_server
        if key not in read:
            read[key] = api_schema.parse(await self._script())
        return read[key]

    async def call(self, method: Method, path: str, params: Mapping[str, object]) -> object:
        """A documented call; `path` is concrete and was validated before."""
        found: object = await self._client.data(method, path, params)
        return found

    async def _script(self) -> str:
        """What is behind the server's own API viewer, with the schema of exactly this version."""
        answer = await self._client.raw("GET", "/pve-docs/api-viewer/apidoc.js", timeout=60)
        return answer.text if answer.status == 200 else ""
