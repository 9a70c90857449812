"""What can't be undone is shown first, is bound to what was shown, and spares what the operator protects."""

import importlib
import json
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from infra_mcp_common.tool_calls.declaration import declared_in
from infra_mcp_proxmox import tools
from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox, Raw
from support.answers import data, error, text
from support.client import StartServer
from support.shared import shared_data

pytestmark = pytest.mark.anyio

BACKUP = "backups:backup/vzdump-qemu-100-x.vma.zst"
DESTRUCTIVE: list[tuple[str, dict[str, Any]]] = [
    ("delete_guest", {"guest": 100}),
    ("rollback_snapshot", {"guest": 100, "name": "before"}),
    ("delete_snapshot", {"guest": 100, "name": "before"}),
    ("convert_to_template", {"guest": 100}),
    ("restore_backup", {"backup": BACKUP, "vmid": 100, "overwrite": True}),
    ("call_api_write", {"method": "DELETE", "path": "/nodes/pve1/qemu/100"}),
    (
        "call_api_write",
        {"method": "POST", "path": "/nodes/pve1/vzdump", "params": {"vmid": "7,100", "storage": "local"}},
    ),
]
# What needs a preview too, though it touches no guest that is there.
ANEW: list[tuple[str, dict[str, Any]]] = [
    ("restore_backup", {"backup": BACKUP, "vmid": 200, "node": "pve2"}),
    ("call_api_write", {"method": "POST", "path": "/nodes/pve1/vzdump", "params": {"vmid": "7"}}),
]


@pytest.fixture
async def furnished(pve: FakeProxmox, server: RunningServer) -> RunningServer:
    pve.add_guest(100, name="web", pool="shop", config={"tags": "prod;web"})
    await server.call("create_snapshot", guest=100, name="before")
    pve.requests.clear()
    return server


def changes(pve: FakeProxmox) -> list[str]:
    return [request.line for request in pve.requests if request.method != "GET"]


def test_every_destructive_tool_is_held_to_these_promises() -> None:
    modules = [
        importlib.import_module(f"{tools.__name__}.{each.name}") for each in pkgutil.iter_modules(tools.__path__)
    ]
    declared = {tool.__name__ for each in modules for tool, said in declared_in(each) if said.kind == "destructive"}
    assert {tool for tool, _ in DESTRUCTIVE} == declared


@pytest.mark.parametrize(("tool", "arguments"), DESTRUCTIVE + ANEW)
async def test_the_first_call_only_shows_what_would_happen(
    pve: FakeProxmox, furnished: RunningServer, tool: str, arguments: dict[str, Any]
) -> None:
    before = repr(pve.cluster.guests)
    preview = data(await furnished.call(tool, **arguments))
    assert preview["confirmed"] is False
    assert repr(pve.cluster.guests) == before
    assert not changes(pve)


@pytest.mark.parametrize(("tool", "arguments"), DESTRUCTIVE + ANEW)
async def test_a_confirmation_of_what_was_not_shown_does_nothing_and_asks_for_the_digest(
    pve: FakeProxmox, furnished: RunningServer, tool: str, arguments: dict[str, Any]
) -> None:
    result = await furnished.call(tool, **arguments, confirmed=True)
    assert (error(result)["kind"], error(result)["argument"]) == ("invalid_input", "digest")
    own = data(await furnished.call("get_vm", vm=100))["digest"]
    for wrong in (own, "", "0" * 32):
        assert error(await furnished.call(tool, **arguments, confirmed=True, digest=wrong))["kind"] == "conflict"
    assert not changes(pve)


async def test_a_preview_shows_what_would_be_lost(pve: FakeProxmox, furnished: RunningServer) -> None:
    lost = {
        "name": "web",
        "node": "pve1",
        "status": "stopped",
        "disks": {"scsi0": "local-lvm:vm-100-disk-0,size=8G"},
        "snapshots": ["before"],
        "protection": False,
    }
    preview = data(await furnished.call("delete_guest", guest="web"))
    assert preview["now"] == lost
    by_path = data(await furnished.call("call_api_write", method="DELETE", path="/nodes/pve1/qemu/100"))
    assert by_path["now"]["guests"] == {"100": lost}


async def test_a_preview_shows_the_state_of_now_while_the_listing_lags(
    pve: FakeProxmox, furnished: RunningServer
) -> None:
    late = {"type": "qemu", "vmid": 100, "node": "pve1", "name": "web", "status": "running"}
    pve.answer_with("GET /cluster/resources", Raw(200, body=json.dumps({"data": [late]}).encode()))
    assert data(await furnished.call("delete_guest", guest=100))["now"]["status"] == "stopped"


def reconfigured(pve: FakeProxmox) -> None:
    pve.cluster.guests[100].config["cores"] = "8"


def moved(pve: FakeProxmox) -> None:
    pve.cluster.guests[100].node = "pve2"


def started(pve: FakeProxmox) -> None:
    pve.cluster.guests[100].running = True


def with_another_snapshot(pve: FakeProxmox) -> None:
    guest = pve.cluster.guests[100]
    guest.snapshots["after"] = replace(guest.snapshots["before"], parent="before")


@pytest.mark.parametrize("event", [reconfigured, moved, started, with_another_snapshot])
@pytest.mark.parametrize(("tool", "arguments"), DESTRUCTIVE)
async def test_what_changed_since_the_preview_is_not_touched(
    pve: FakeProxmox,
    furnished: RunningServer,
    tool: str,
    arguments: dict[str, Any],
    event: Callable[[FakeProxmox], None],
) -> None:
    preview = data(await furnished.call(tool, **arguments))
    event(pve)
    result = await furnished.call(tool, **arguments, **preview["confirm_with"])
    assert error(result)["kind"] == "conflict"
    assert not changes(pve)


@pytest.mark.parametrize(
    ("tool", "arguments", "other"),
    [
        ("delete_guest", {"guest": 100}, {"purge": True}),
        ("rollback_snapshot", {"guest": 100, "name": "before"}, {"start": True}),
        ("restore_backup", {"backup": BACKUP, "vmid": 100, "overwrite": True}, {"storage": "local"}),
        ("restore_backup", {"backup": BACKUP, "vmid": 100, "overwrite": True}, {"backup": BACKUP.replace("x", "y")}),
        ("restore_backup", {"backup": BACKUP, "vmid": 200, "node": "pve1"}, {"vmid": 201}),
        ("call_api_write", {"method": "DELETE", "path": "/nodes/pve1/qemu/100"}, {"params": {"purge": 1}}),
        (
            "call_api_write",
            {"method": "PUT", "path": "/nodes/pve1/qemu/100/config", "params": {"cores": 2}},
            {"params": {"cores": 3}},
        ),
    ],
)
async def test_a_confirmation_holds_for_the_call_that_was_shown_and_no_other(
    pve: FakeProxmox, furnished: RunningServer, tool: str, arguments: dict[str, Any], other: dict[str, Any]
) -> None:
    preview = data(await furnished.call(tool, **arguments))
    result = await furnished.call(tool, **arguments | preview["confirm_with"] | other)
    assert error(result)["kind"] == "conflict"
    assert not changes(pve)


async def test_the_digest_of_one_deed_does_not_confirm_another(pve: FakeProxmox, furnished: RunningServer) -> None:
    shown = data(await furnished.call("delete_snapshot", guest=100, name="before"))["confirm_with"]
    for tool, arguments in DESTRUCTIVE:
        if tool != "delete_snapshot":
            assert error(await furnished.call(tool, **arguments, **shown))["kind"] == "conflict", tool
    assert not changes(pve)


async def test_an_id_that_was_free_in_the_preview_and_is_taken_now_is_not_restored_to(
    pve: FakeProxmox, server: RunningServer
) -> None:
    call = {"backup": BACKUP, "vmid": 200}
    preview = data(await server.call("restore_backup", **call))
    pve.add_guest(200)
    for more in ({}, {"overwrite": True}):
        result = await server.call("restore_backup", **call, **preview["confirm_with"], **more)
        assert error(result)["kind"] == "conflict"
    assert not changes(pve)


async def test_a_guest_that_the_token_does_not_see_is_not_restored_over(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(100)
    token = pve.add_token("ai@pve!mcp", {"/vms": ["VM.Allocate", "VM.Backup"], "/storage": ["Datastore.AllocateSpace"]})
    async with start("proxmox-mcp", env=pve.environment(token)) as server:
        result = await server.call("restore_backup", backup=BACKUP, vmid=100, overwrite=True)
    assert error(result)["kind"] == "conflict"
    assert "VM.Audit" in text(result)


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


@pytest.mark.parametrize("setting", [{"PROXMOX_PROTECTED": "100"}, {"INFRA_MCP_EXCLUDE_TARGETS": "db"}])
@pytest.mark.promise("no-argument-widens-policy")
async def test_no_other_guest_is_given_the_disks_of_one_that_is_out_of_reach(
    pve: FakeProxmox, start: StartServer, setting: dict[str, str]
) -> None:
    pve.add_guest(100, name="db")
    pve.add_guest(101, name="vm-100-copy")
    theirs, own = {"scsi1": "lvm:vm-100-disk-0"}, {"scsi1": "lvm:vm-101-disk-1", "description": "as lvm:vm-100-disk-0"}
    create = {"name": "new", "storage": "local-lvm", "options": {"scsi1": "local:0,import-from=lvm:vm-100-disk-0"}}
    async with start("proxmox-mcp", env=pve.environment() | setting) as server:
        for refused in (
            await server.call("update_guest_config", guest=101, set=theirs),
            await server.call("create_vm", **create),
        ):
            assert error(refused)["kind"] == "refused"
        assert not changes(pve)
        assert data(await server.call("update_guest_config", guest="vm-100-copy", set=own))


async def test_a_backup_of_a_guest_that_is_out_of_reach_is_not_restored(pve: FakeProxmox, start: StartServer) -> None:
    async with start("proxmox-mcp", env=pve.environment() | {"INFRA_MCP_EXCLUDE_TARGETS": "100"}) as server:
        refused = await server.call("restore_backup", backup=BACKUP, vmid=200, node="pve2")
    assert error(refused)["kind"] == "refused"


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


async def test_a_backup_is_deleted_by_the_name_that_the_listing_gives_it(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100)
    await server.call("backup_guest", guest=100, storage="backups")
    (backup,) = data(await server.call("list_backups"))["volumes"]
    call = {"method": "DELETE", "path": f"/nodes/pve1/storage/backups/content/{backup['volid']}"}
    shown = data(await server.call("call_api_write", **call))
    assert list(shown["now"]["guests"]) == ["100"]
    done = data(await server.call("call_api_write", **call, **shown["confirm_with"]))
    assert done["task"]["done"]
    assert pve.cluster.storages["backups"].volumes == []


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


async def test_a_change_of_settings_can_not_destroy_a_disk(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, config={"unused0": "local-lvm:vm-100-disk-9"})
    result = await server.call("update_guest_config", guest=100, remove=["unused0"])
    assert error(result)["kind"] == "refused"
    assert not changes(pve)


async def test_keys_for_cloud_init_may_be_given_as_they_are(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    done = data(await server.call("update_guest_config", guest=100, set={"sshkeys": "ssh-ed25519 AAA+/= me@here"}))
    assert done["changed"] == ["sshkeys"]
    assert pve.cluster.guests[100].config["sshkeys"] == "ssh-ed25519%20AAA%2B%2F%3D%20me%40here"


async def test_a_restore_over_a_guest_must_be_asked_for(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    await server.call("backup_guest", guest=100, storage="backups")
    volid = pve.cluster.storages["backups"].volumes[0].volid
    for confirmed in (False, True):
        result = await server.call("restore_backup", backup=volid, vmid=100, confirmed=confirmed)
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
@pytest.mark.promise("no-argument-widens-policy")
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
