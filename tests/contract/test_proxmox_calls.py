"""Every call of proxmox-mcp against the official schemas of all versions it supports."""

import pytest

from infra_mcp_proxmox.domain import api_parameters, api_schema
from sandbox.proxmox import FakeProxmox
from support.client import StartServer
from support.proxmox_tour import Stop, finished_task, furnish, stops, take
from support.selection import everyday
from support.shared import shared_data

pytestmark = pytest.mark.anyio

# A read that 7.4 does not have; its refusal is expected there, and the configuration answers instead.
NEWER = {"7.4": {"/nodes/pve1/lxc/101/interfaces", "/nodes/pve1/lxc/104/interfaces"}}


def later(version: str) -> list[Stop]:
    """Calls with arguments that 7.4 does not have."""
    back = {"guest": 110, "name": "again"}
    calls = [Stop("create_snapshot", back), Stop("rollback_snapshot", back | {"start": True}, confirm=True)]
    return calls if version != "7.4" else []


@pytest.mark.parametrize("version", everyday("9.1", ["7.4", "8.4", "9.1"]))
async def test_every_call_is_documented_with_its_parameters_and_their_types(start: StartServer, version: str) -> None:
    (file,) = shared_data("pve-api").glob(f"pve-apidata-{version}*.json")
    official = api_schema.parse("const apiSchema = " + file.read_text("utf-8"))
    with FakeProxmox(version=version) as pve:
        furnish(pve)
        async with start("proxmox-mcp", env=pve.environment()) as server:
            for stop in [*stops(finished_task(pve)), *later(version)]:
                await take(server, pve, stop)
        sent = [request for request in pve.requests if not request.path.startswith("/pve-docs/")]
    checked = set()
    for request in sent:
        if request.path in NEWER.get(version, ()):
            continue
        call, in_path = api_schema.matching(official, request.method, request.path)  # type: ignore[arg-type]
        api_parameters.check(call, in_path | request.params)
        checked.add(f"{call.method} {call.path}")
    assert len(checked) >= 60, checked


def test_the_check_itself_refuses_what_is_not_documented() -> None:
    (file,) = shared_data("pve-api").glob("pve-apidata-9.1*.json")
    official = api_schema.parse("const apiSchema = " + file.read_text("utf-8"))
    call, _ = api_schema.matching(official, "POST", "/nodes/pve1/qemu/100/status/start")
    for wrong in ({"timeuot": 1}, {"timeout": "soon"}, {"timeout": -1}):
        with pytest.raises(Exception, match=next(iter(wrong))):
            api_parameters.check(call, {"node": "pve1", "vmid": 100, **wrong})
