"""Calls of the API that have no tool of their own: documented ones only, and about guests that may be touched."""

from collections.abc import Mapping

from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_proxmox.domain import api_parameters, api_schema
from infra_mcp_proxmox.domain.affected_guests import named_guests, sweeps
from infra_mcp_proxmox.domain.api_schema import ChangeMethod, Endpoint, Method
from infra_mcp_proxmox.domain.guest import Guest
from infra_mcp_proxmox.safety import previews
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.api import Api

Params = Mapping[str, object]


async def checked(api: Api, method: Method, path: str, params: Params) -> tuple[Endpoint, list[Guest]]:
    """The documented call and the guests it is about, if path and parameters fit and the target lists allow it."""
    call, in_path = api_schema.matching(await api.schema.endpoints(), method, path)
    values = {**in_path, **params}
    api_parameters.check(call, values)
    ids, sweeping = named_guests(call, values), sweeps(call, params)
    if not ids:
        check_target(str(in_path.get("node") or path))
    if not ids and not sweeping:
        return call, []
    resources = await api.cluster.resources()
    if sweeping:
        ids |= {str(guest.vmid) for guest in resources.guests_on(in_path.get("node"))}
    return call, targets.guests_of(resources, ids)


async def preview(api: Api, method: ChangeMethod, path: str, params: Params) -> Preview:
    """What is there of the guests that the call is about, if nobody protects them."""
    call, guests = await checked(api, method, path, params)
    states = [await previews.state_of(api, guest) for guest in guests]
    now: dict[str, object] = {"parameters": sorted(params)}
    if states:
        now["guests"] = {str(state.guest.vmid): state.now for state in states}
    first_line, *_ = call.description.split("\n")
    would = f"{method} {path} ({first_line[:200]})"
    return previews.preview(would, now, params, [state.config.get("digest") for state in states])
