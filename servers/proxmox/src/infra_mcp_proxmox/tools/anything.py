"""Any documented call of the API, for what has no tool of its own."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from infra_mcp_common.call import aim
from infra_mcp_common.errors import NotFound
from infra_mcp_common.gate import Preview
from infra_mcp_common.tools import tool
from infra_mcp_proxmox import documentation, inventory, safeguards
from infra_mcp_proxmox.api import Api
from infra_mcp_proxmox.connection import Proxmox
from infra_mcp_proxmox.documentation import Endpoint, Method
from infra_mcp_proxmox.models import ApiAnswer, ApiCalls

_ENOUGH = 3

Path = Annotated[str, Field(description="Concrete path, as /nodes/pve1/network; without /api2/json")]
Params = Annotated[
    dict[str, str | int | float | bool | list[str]] | None, Field(description="Parameters that are not in the path")
]


@tool("read")
async def search_api(
    api: Proxmox,
    words: Annotated[str, Field(min_length=1, description="Words of the path, its description or its parameters")],
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
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
    api: Proxmox, path: Path, params: Params = None, limit: Annotated[int, Field(ge=1, le=1000)] = 100
) -> ApiAnswer:
    """Read any documented path of the API (GET); checked against the API's description before it is sent."""
    await _checked(api, "GET", path, params or {})
    return _answer("GET", path, await api.anything("GET", path, params or {}), limit)


async def preview_call(
    api: Proxmox, method: Literal["POST", "PUT", "DELETE"], path: Path, params: Params = None
) -> Preview:
    call = await _checked(api, method, path, params or {})
    said = str(call.info.get("description", "")).strip().split("\n")[0][:200]
    return Preview(would=f"{method} {path} ({said})", now={"parameters": sorted(params or {})})


@tool("destructive", arbitrary=True, preview=preview_call)
async def call_api_write(
    api: Proxmox, method: Literal["POST", "PUT", "DELETE"], path: Path, params: Params = None
) -> ApiAnswer:
    """Change something by any documented path of the API; checked against its description before it is sent."""
    await _checked(api, method, path, params or {})
    return _answer(method, path, await api.anything(method, path, params or {}), limit=100)


async def _checked(api: Api, method: Method, path: str, params: dict[str, Any]) -> Endpoint:
    """The documented call, if path and parameters fit and nobody protects what it would change."""
    call, in_path = documentation.matching(await documentation.endpoints(api), method, path)
    documentation.check(call, in_path | params)
    vmid = str(in_path.get("vmid") or params.get("vmid") or "")
    guest = (
        next((found for found in (await inventory.take(api)).guests if str(found.vmid) == vmid), None) if vmid else None
    )
    if guest is None:
        aim(vmid or str(in_path.get("node") or path))
    else:
        inventory.aim(guest)
        if method != "GET":
            safeguards.check_protected(guest)
    return call


def _answer(method: str, path: str, data: Any, limit: int) -> ApiAnswer:
    cut = data[:limit] if isinstance(data, list) else data
    omitted = len(data) - limit if isinstance(data, list) and len(data) > limit else None
    upid = data if isinstance(data, str) and re.match(r"UPID:", data) else None
    return ApiAnswer(method=method, path=path, data=cut, upid=upid, omitted=omitted)
