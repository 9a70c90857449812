"""What the operator protects is spared, however a call names it."""

from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox, Raw
from support.answers import data, error, text
from support.client import StartServer
from support.proxmox_destruction import DESTRUCTIVE, changes
from support.shared import shared_data

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("rule", ["100", "tag:prod", "pool:shop", "7, tag:none ,pool:shop"])
async def test_protected_guests_are_spared_even_when_confirmed(pve: FakeProxmox, start: StartServer, rule: str) -> None:
    pve.add_guest(100, pool="shop", config={"tags": "prod;web"})
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": rule}) as server:
        for tool, arguments in DESTRUCTIVE:
            for confirmed in (False, True):
                assert error(await server.call(tool, **arguments, confirmed=confirmed))["kind"] == "refused", tool
    assert not changes(pve)


# All of them are about 100, and some about 101 beside it.
NAMING: list[tuple[str, str, dict[str, Any]]] = [
    ("DELETE", "/nodes/pve1/storage/lvm/content/lvm:vm-100-disk-0", {}),
    ("DELETE", "/nodes/pve1/storage/local/content/local:backup/vzdump-lxc-100-2026.tar.zst", {}),
    ("DELETE", "/nodes/pve1/storage/pbs/content/pbs:backup/vm/100/2026-11-21T00:00:00Z", {}),
    ("POST", "/nodes/pve1/qemu/101/move_disk", {"disk": "scsi0", "target-vmid": 100}),
    ("PUT", "/nodes/pve1/qemu/101/config", {"scsi1": "lvm:base-100-disk-0/vm-101-disk-0,size=8G"}),
    ("POST", "/nodes/pve1/stopall", {"vms": "101;100"}),
    ("POST", "/cluster/bulk-action/guest/shutdown", {"vms": ["101", "100"]}),
    ("DELETE", "/cluster/ha/resources/vm:100", {}),
    ("DELETE", "/cluster/ha/resources/100", {}),
    ("POST", "/cluster/ha/rules", {"rule": "r", "type": "node-affinity", "resources": "vm:101, ct:100"}),
    ("DELETE", "/cluster/replication/100-0", {}),
    ("POST", "/nodes/pve1/stopall", {"vms": ""}),
    ("POST", "/nodes/pve1/status", {"command": "reboot"}),
    ("POST", "/cluster/bulk-action/guest/shutdown", {}),
]


async def test_a_protected_guest_is_spared_however_a_call_names_it(pve: FakeProxmox, start: StartServer) -> None:
    for vmid in (100, 101):
        pve.add_guest(vmid)
    pve.answer_with("apidoc", official_description())
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": "100"}) as server:
        for method, path, params in NAMING:
            result = await server.call("call_api_write", method=method, path=path, params=params)
            assert (error(result)["kind"], "100 is protected" in text(result)) == ("refused", True), path


async def test_a_call_that_only_speaks_of_a_protected_guest_is_not_refused(
    pve: FakeProxmox, start: StartServer
) -> None:
    for vmid in (100, 101):
        pve.add_guest(vmid)
    params = {"vmid": "101", "exclude": "100", "notes-template": "before vm:100 goes", "bwlimit": 100}
    pve.answer_with("apidoc", official_description())
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": "100"}) as server:
        shown = data(await server.call("call_api_write", method="POST", path="/nodes/pve1/vzdump", params=params))
        elsewhere = data(await server.call("call_api_write", method="POST", path="/nodes/pve2/stopall"))
    assert list(shown["now"]["guests"]) == ["101"]
    assert "guests" not in elsewhere["now"]


def official_description() -> Raw:
    (file,) = shared_data("pve-api").glob("pve-apidata-9.1*.json")
    return Raw(body=b"const apiSchema = " + file.read_bytes())


async def test_a_protected_guest_keeps_what_protects_it(pve: FakeProxmox, start: StartServer) -> None:
    config = {"tags": "prod;web", "protection": "1", "cores": "1"}
    pve.add_guest(100, config=config)
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": "tag:prod"}) as server:
        for change in ({"set": {"tags": "web"}}, {"remove": ["tags"]}, {"set": {"protection": 0, "cores": 2}}):
            assert error(await server.call("update_guest_config", guest=100, **change))["kind"] == "refused"
        assert not changes(pve)
        assert data(await server.call("update_guest_config", guest=100, set={"cores": 2}))["changed"] == ["cores"]


async def test_a_list_of_protected_guests_that_can_not_be_read_protects_all(
    pve: FakeProxmox, start: StartServer
) -> None:
    pve.add_guest(100)
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": "tags:prod"}) as server:
        assert error(await server.call("delete_guest", guest=100, confirmed=True))["kind"] == "not_configured"
    assert 100 in pve.cluster.guests


async def test_a_guest_with_its_protection_flag_is_not_deleted(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, config={"protection": "1"})
    for confirmed in (False, True):
        assert error(await server.call("delete_guest", guest=100, confirmed=confirmed))["kind"] == "conflict"
    assert not changes(pve)
