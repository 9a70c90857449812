"""What can't be undone is shown first, and a confirmation holds for what was shown alone."""

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
from support.answers import data, error
from support.proxmox_destruction import ANEW, BACKUP, DESTRUCTIVE, changes

pytestmark = pytest.mark.anyio


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
