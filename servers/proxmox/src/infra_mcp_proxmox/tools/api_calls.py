"""Any documented call of the API, for what has no tool of its own."""

from typing import Annotated, Any, Literal

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import ApiAnswer, ApiCalls, Guest
from infra_mcp_proxmox.domain import api_schema as documentation
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.affected_guests import named_guests, sweeps
from infra_mcp_proxmox.domain.api_schema import Endpoint, Method
from infra_mcp_proxmox.safety import previews as safeguards
from infra_mcp_proxmox.tools.parameters import Digest, Wait
from infra_mcp_proxmox.transport.api import Api
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.tasks import follow

_ENOUGH = 3

Path = Annotated[str, Field(description="Concrete path, as /nodes/pve1/network; without /api2/json")]
ChangeMethod = Annotated[Literal["POST", "PUT", "DELETE"], Field(description="The call's HTTP method")]
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
    known = await documentation.endpoints(api)
    exact = [call for call in known if words in {call.path, f"{call.method} {call.path}"}]
    found = exact or documentation.search(known, words)
    if not found:
        raise NotFound(f"No call of this API fits all of: {words}.", "Try fewer or other words.")
    shown = found[:limit]
    return ApiCalls(calls=[call.shown(full=len(shown) <= _ENOUGH) for call in shown], total=len(found))


@tool("read")
async def call_api(
    api: Proxmox,
    path: Path,
    params: Params = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="How many rows of a list at most")] = 100,
) -> ApiAnswer:
    """Read any documented path of the API (GET); checked against the API's description before it is sent."""
    await _checked(api, "GET", path, params or {})
    return _answer("GET", path, await api.anything("GET", path, params or {}), limit)


async def preview_call(api: Proxmox, method: ChangeMethod, path: Path, params: Params = None) -> Preview:
    call, guests = await _checked(api, method, path, params or {})
    said = str(call.info.get("description", "")).strip().split("\n")[0][:200]
    seen = [await safeguards.sight(api, guest) for guest in guests]
    now: dict[str, Any] = {"parameters": sorted(params or {})}
    if seen:
        now["guests"] = {str(each.guest.vmid): each.now for each in seen}
    return safeguards.preview(f"{method} {path} ({said})", now, params, [each.config.get("digest") for each in seen])


@tool("destructive", arbitrary=True, preview=preview_call)
async def call_api_write(
    api: Proxmox,
    method: ChangeMethod,
    path: Path,
    params: Params = None,
    digest: Digest = None,
    timeout: Wait = 300,
) -> ApiAnswer:
    """Change something by any documented path of the API; checked against its description before it is sent."""
    safeguards.check(await preview_call(api, method, path, params), digest)
    data = await api.anything(method, path, params or {})
    answer = _answer(method, path, data, limit=100)
    began = isinstance(data, str) and data.startswith("UPID:")
    return answer.model_copy(update={"task": await follow(api, data, timeout)}) if began else answer


async def _checked(api: Api, method: Method, path: str, params: dict[str, Any]) -> tuple[Endpoint, list[Guest]]:
    """The documented call and the guests it is about, if path and parameters fit and the target lists allow it."""
    call, in_path = documentation.matching(await documentation.endpoints(api), method, path)
    documentation.check(call, in_path | params)
    ids, sweeping = named_guests(call, in_path | params), sweeps(call, params)
    if not ids:
        check_target(str(in_path.get("node") or path))
    if not ids and not sweeping:
        return call, []
    seen = await inventory.take(api)
    if sweeping:
        ids |= {str(guest.vmid) for guest in seen.guests if in_path.get("node") in (None, guest.node)}
    return call, inventory.aim_all(seen, ids)


def _answer(method: str, path: str, data: Any, limit: int) -> ApiAnswer:
    cut = data[:limit] if isinstance(data, list) else data
    omitted = len(data) - limit if isinstance(data, list) and len(data) > limit else None
    return ApiAnswer(method=method, path=path, data=cut, omitted=omitted)
