"""A restore takes the place of nothing that was not shown, and backups are as safe as guests."""

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error, text
from support.client import StartServer
from support.proxmox_destruction import BACKUP, changes

pytestmark = pytest.mark.anyio


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


async def test_a_backup_of_a_guest_that_is_out_of_reach_is_not_restored(pve: FakeProxmox, start: StartServer) -> None:
    async with start("proxmox-mcp", env=pve.environment() | {"INFRA_MCP_EXCLUDE_TARGETS": "100"}) as server:
        refused = await server.call("restore_backup", backup=BACKUP, vmid=200, node="pve2")
    assert error(refused)["kind"] == "refused"


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


async def test_a_restore_over_a_guest_must_be_asked_for(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    await server.call("backup_guest", guest=100, storage="backups")
    volid = pve.cluster.storages["backups"].volumes[0].volid
    for confirmed in (False, True):
        result = await server.call("restore_backup", backup=volid, vmid=100, confirmed=confirmed)
        assert error(result)["kind"] == "conflict"
