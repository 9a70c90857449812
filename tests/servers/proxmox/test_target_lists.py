"""What the operator's target lists leave out is out of reach."""

import pytest

from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.client import StartServer
from support.proxmox_destruction import changes

pytestmark = pytest.mark.anyio


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
