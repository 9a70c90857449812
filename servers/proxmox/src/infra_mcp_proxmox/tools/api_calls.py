"""Any documented call of the API, for what has no tool of its own."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.api_calls import ApiAnswer, ApiCalls
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.domain import api_schema
from infra_mcp_proxmox.domain.api_schema import ChangeMethod
from infra_mcp_proxmox.domain.task import Upid
from infra_mcp_proxmox.safety import api_calls, previews
from infra_mcp_proxmox.tools.parameters import Digest, Wait
from infra_mcp_proxmox.transport.connection import Proxmox

# Of a list that a change answers with.
_ROWS = 100

Path = Annotated[str, Field(description="Concrete path, as /nodes/pve1/network; without /api2/json")]
Method = Annotated[ChangeMethod, Field(description="The call's HTTP method")]
Params = Annotated[
    dict[str, str | int | float | bool | list[str]] | None, Field(description="Parameters that are not in the path")
]


@tool("read")
async def search_api(
    api: Proxmox,
    words: Annotated[str, Field(min_length=1, description="Words of the path, its description or its parameters")],
    limit: Annotated[int, Field(ge=1, le=50, description="How many calls at most")] = 10,
) -> ApiCalls:
    """Find calls of the Proxmox VE API by words, as this server's own version documents them.

    Parameters are shown once few calls are left.
    """
    found = api_schema.search(await api.schema.endpoints(), words)
    if not found:
        raise NotFound(f"No call of this API fits all of: {words}.", "Try fewer or other words.")
    return ApiCalls.of(found, limit)


@tool("read")
async def call_api(
    api: Proxmox,
    path: Path,
    params: Params = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="How many rows of a list at most")] = 100,
) -> ApiAnswer:
    """Read any documented path of the API (GET); checked against the API's description before it is sent."""
    given = params or {}
    await api_calls.checked(api, "GET", path, given)
    return ApiAnswer.of("GET", path, await api.schema.call("GET", path, given), limit)


async def preview_call(api: Proxmox, method: Method, path: Path, params: Params = None) -> Preview:
    return await api_calls.preview(api, method, path, params or {})


@tool("destructive", arbitrary=True, preview=preview_call)
async def call_api_write(
    api: Proxmox,
    method: Method,
    path: Path,
    params: Params = None,
    digest: Digest = None,
    timeout: Wait = 300,
) -> ApiAnswer:
    """Change something by any documented path of the API; checked against its description before it is sent."""
    given = params or {}
    previews.check(await api_calls.preview(api, method, path, given), digest)
    data = await api.schema.call(method, path, given)
    began = isinstance(data, str) and data.startswith("UPID:")
    task = Change.of(await api.tasks.wait(Upid.parse(str(data)), timeout)) if began else None
    return ApiAnswer.of(method, path, data, _ROWS, task)
