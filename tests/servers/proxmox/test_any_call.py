"""Any documented call of the API: found by words, checked before it is sent, changes only when confirmed."""

from typing import Any

import pytest

from infra_mcp_proxmox.domain import api_schema
from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox, Raw
from support.answers import data, error, text
from support.client import StartServer

pytestmark = pytest.mark.anyio


async def test_calls_are_found_by_words_with_their_parameters_and_privileges(
    pve: FakeProxmox, server: RunningServer
) -> None:
    found = data(await server.call("search_api", words="qemu snapshot rollback"))
    (call,) = found["calls"]
    assert (call["method"], call["path"]) == ("POST", "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback")
    assert call["privileges"] == "VM.Snapshot or VM.Snapshot.Rollback on /vms/{vmid}"
    assert {parameter["name"] for parameter in call["parameters"]} >= {"snapname", "start"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"path": "/nodes/pve1/nothing"}, "/nodes/pve1/nothing"),
        ({"path": "/nodes/pve1/../../access"}, "path"),
        ({"path": "nodes"}, "path"),
        ({"path": "/nodes/pve1/qemu/100/rrddata"}, "timeframe"),
        ({"path": "/nodes/pve1/qemu/100/rrddata", "params": {"timeframe": "century"}}, "timeframe"),
        ({"path": "/nodes/pve1/tasks", "params": {"limti": 3}}, "limti"),
        ({"path": "/nodes/pve1/tasks", "params": {"limit": "many"}}, "limit"),
        ({"path": "/nodes/pve1/qemu/1/config"}, "vmid"),
    ],
)
async def test_a_call_that_the_server_does_not_document_is_not_sent(
    pve: FakeProxmox, server: RunningServer, arguments: dict[str, Any], named: str
) -> None:
    result = await server.call("call_api", **arguments)
    assert error(result)["kind"] == "invalid_input"
    assert named in text(result)
    assert not [
        request for request in pve.requests if request.path not in {"/version", "/pve-docs/api-viewer/apidoc.js"}
    ]


async def test_reading_needs_no_confirmation_and_lists_are_cut(pve: FakeProxmox, server: RunningServer) -> None:
    for vmid in range(100, 110):
        pve.add_guest(vmid)
    answer = data(await server.call("call_api", path="/cluster/resources", params={"type": "vm"}, limit=3))
    assert (len(answer["data"]), answer["omitted"]) == (3, 7)


async def test_a_confirmed_change_is_made_and_its_task_waited_for(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    call = {"method": "POST", "path": "/nodes/pve1/qemu/100/status/start"}
    preview = data(await server.call("call_api_write", **call))
    assert not pve.cluster.guests[100].running
    done = data(await server.call("call_api_write", **call, **preview["confirm_with"]))
    assert pve.cluster.guests[100].running
    assert (done["task"]["done"], done["task"]["upid"]) == (True, done["data"])


async def test_the_description_is_fetched_once(pve: FakeProxmox, start: StartServer) -> None:
    async with start("proxmox-mcp", env=pve.environment()) as server:
        for _ in range(3):
            await server.call("search_api", words="snapshot")
    assert len(pve.recorder.matching("apidoc")) == 1


async def test_a_server_without_a_description_is_told_as_such(pve: FakeProxmox, start: StartServer) -> None:
    pve.answer_with("apidoc", Raw(404, "Not Found"))
    async with start("proxmox-mcp", env=pve.environment()) as server:
        assert error(await server.call("search_api", words="snapshot"))["kind"] == "failed"


@pytest.mark.parametrize("script", ["", "const apiSchema = ", "const apiSchema = [{]", "let other = {}"])
def test_a_description_that_can_not_be_read_is_an_error(script: str) -> None:
    with pytest.raises(Exception, match="does not deliver"):
        api_schema.parse(script)
