"""What can't be undone is shown first, is bound to what was shown, and spares what the operator protects."""

from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.client import StartServer

pytestmark = pytest.mark.anyio

DESTRUCTIVE: list[tuple[str, dict[str, Any]]] = [
    ("delete_guest", {"guest": 100}),
    ("rollback_snapshot", {"guest": 100, "name": "before"}),
    ("delete_snapshot", {"guest": 100, "name": "before"}),
    ("convert_to_template", {"guest": 100}),
    ("restore_backup", {"backup": "backups:backup/vzdump-qemu-100-x.vma.zst", "vmid": 100, "overwrite": True}),
    ("call_api_write", {"method": "DELETE", "path": "/nodes/pve1/qemu/100"}),
]


@pytest.fixture
async def furnished(pve: FakeProxmox, server: RunningServer) -> RunningServer:
    pve.add_guest(100, name="web", pool="shop", config={"tags": "prod;web"})
    await server.call("create_snapshot", guest=100, name="before")
    pve.requests.clear()
    return server


@pytest.mark.parametrize(("tool", "arguments"), DESTRUCTIVE)
async def test_the_first_call_only_shows_what_would_happen(
    pve: FakeProxmox, furnished: RunningServer, tool: str, arguments: dict[str, Any]
) -> None:
    before = repr(pve.cluster.guests)
    preview = data(await furnished.call(tool, **arguments))
    assert preview["confirmed"] is False
    assert repr(pve.cluster.guests) == before
    assert {request.method for request in pve.requests} == {"GET"}


async def test_a_preview_shows_what_would_be_lost(pve: FakeProxmox, furnished: RunningServer) -> None:
    preview = data(await furnished.call("delete_guest", guest="web"))
    assert preview["now"] == {
        "name": "web",
        "node": "pve1",
        "status": "stopped",
        "disks": {"scsi0": "local-lvm:vm-100-disk-0,size=8G"},
        "snapshots": ["before"],
        "protection": False,
    }


@pytest.mark.parametrize(("tool", "arguments"), DESTRUCTIVE[:-1])
async def test_what_changed_since_the_preview_is_not_touched(
    pve: FakeProxmox, furnished: RunningServer, tool: str, arguments: dict[str, Any]
) -> None:
    preview = data(await furnished.call(tool, **arguments))
    pve.cluster.guests[100].config["cores"] = "8"
    before = repr(pve.cluster.guests)
    result = await furnished.call(tool, **arguments, **preview["confirm_with"])
    assert error(result)["kind"] == "conflict"
    assert repr(pve.cluster.guests) == before


@pytest.mark.parametrize("rule", ["100", "tag:prod", "pool:shop", "7, tag:none ,pool:shop"])
async def test_protected_guests_are_spared_even_when_confirmed(pve: FakeProxmox, start: StartServer, rule: str) -> None:
    pve.add_guest(100, pool="shop", config={"tags": "prod;web"})
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": rule}) as server:
        for tool, arguments in DESTRUCTIVE:
            assert error(await server.call(tool, **arguments, confirmed=True))["kind"] == "refused", tool
    assert not [request for request in pve.requests if request.method != "GET"]


async def test_a_list_of_protected_guests_that_can_not_be_read_protects_all(
    pve: FakeProxmox, start: StartServer
) -> None:
    pve.add_guest(100)
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_PROTECTED": "tags:prod"}) as server:
        assert error(await server.call("delete_guest", guest=100, confirmed=True))["kind"] == "not_configured"
    assert 100 in pve.cluster.guests


async def test_a_guest_with_its_protection_flag_is_not_deleted(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, config={"protection": "1"})
    assert error(await server.call("delete_guest", guest=100, confirmed=True))["kind"] == "conflict"
    assert not [request for request in pve.requests if request.method != "GET"]


async def test_a_change_of_settings_can_not_destroy_a_disk(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, config={"unused0": "local-lvm:vm-100-disk-9"})
    result = await server.call("update_guest_config", guest=100, remove=["unused0"])
    assert error(result)["kind"] == "refused"
    assert not [request for request in pve.requests if request.method != "GET"]


async def test_keys_for_cloud_init_may_be_given_as_they_are(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    done = data(await server.call("update_guest_config", guest=100, set={"sshkeys": "ssh-ed25519 AAA+/= me@here"}))
    assert done["changed"] == ["sshkeys"]
    assert pve.cluster.guests[100].config["sshkeys"] == "ssh-ed25519%20AAA%2B%2F%3D%20me%40here"


async def test_a_restore_over_a_guest_must_be_asked_for(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    await server.call("backup_guest", guest=100, storage="backups")
    volid = pve.cluster.storages["backups"].volumes[0].volid
    result = await server.call("restore_backup", backup=volid, vmid=100, confirmed=True)
    assert error(result)["kind"] == "conflict"


async def test_targets_that_the_operator_excludes_are_out_of_reach(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(100, name="web")
    pve.add_guest(101, name="db")
    async with start("proxmox-mcp", env=pve.environment() | {"INFRA_MCP_EXCLUDE_TARGETS": "101"}) as server:
        assert error(await server.call("start_vm", vm="db"))["kind"] == "refused"
        assert data(await server.call("start_vm", vm="web"))["done"]
    assert not pve.cluster.guests[101].running


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [({"INFRA_MCP_EXCLUDE_TARGETS": "web, pve2, /cluster*"}, ["/version"]), ({"INFRA_MCP_TARGETS": "db"}, [])],
)
async def test_the_operators_target_lists_bind_every_path_of_the_api(
    pve: FakeProxmox, start: StartServer, setting: dict[str, str], allowed: list[str]
) -> None:
    pve.add_guest(100, name="web")
    paths = ["/nodes/pve1/qemu/100/config", "/nodes/pve2/status", "/cluster/status", "/version"]
    async with start("proxmox-mcp", env=pve.environment() | setting) as server:
        answers = {path: await server.call("call_api", path=path) for path in paths}
        assert error(await server.call("get_vm", vm=100))["kind"] == "refused"
    assert [path for path, answer in answers.items() if not answer.is_error] == allowed
    assert {error(answers[path])["kind"] for path in set(paths) - set(allowed)} == {"refused"}
