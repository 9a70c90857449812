"""What a change says that it did is what happened in the cluster, and what a reading says is what is there."""

from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data
from support.client import StartServer
from support.proxmox_tour import TEMPLATE

pytestmark = pytest.mark.anyio


async def done(server: RunningServer, tool: str, **arguments: Any) -> dict[str, Any]:
    """Make a change, confirmed where it must be."""
    answer = data(await server.call(tool, **arguments))
    if "confirm_with" in answer:
        answer = data(await server.call(tool, **arguments | answer["confirm_with"]))
    assert answer["done"], answer
    return answer


async def test_power_is_what_was_asked_for(pve: FakeProxmox, server: RunningServer) -> None:
    vm, ct = pve.add_guest(100, name="web"), pve.add_guest(101, "lxc", name="ct", node="pve2")
    seen = []
    for tool, arguments in [
        ("start_vm", {"vm": "web"}),
        ("suspend_guest", {"guest": "web"}),
        ("resume_guest", {"guest": "web"}),
        ("shutdown_guest", {"guest": "web"}),
        ("start_container", {"container": "ct"}),
        ("reboot_guest", {"guest": "ct"}),
        ("stop_container", {"container": "ct"}),
    ]:
        await done(server, tool, **arguments)
        seen.append((vm.running, vm.paused, ct.running))
    on, paused, off = (True, False, False), (True, True, False), (False, False, False)
    assert seen == [on, paused, on, off, (False, False, True), (False, False, True), off]
    sent = [request.line for request in pve.requests if request.method == "POST"]
    assert [line.rpartition("/")[2] for line in sent] == [
        "start",
        "suspend",
        "resume",
        "shutdown",
        "start",
        "reboot",
        "stop",
    ]


async def test_a_guest_lives_as_its_tools_say(pve: FakeProxmox, server: RunningServer) -> None:
    guests = pve.cluster.guests
    made = await done(server, "create_vm", name="new", storage="local-lvm", cores=4, memory=1024, disk_gib=5)
    vmid = made["vmid"]
    assert (made["name"], guests[vmid].config["cores"], guests[vmid].config["memory"]) == ("new", "4", "1024")
    await done(server, "resize_disk", guest="new", disk="scsi0", size="+3G")
    assert "size=8G" in guests[vmid].config["scsi0"]
    await done(server, "create_snapshot", guest="new", name="before", description="A note")
    listed = data(await server.call("list_snapshots", guest="new"))
    assert [(each["name"], each["description"]) for each in listed["snapshots"]] == [("before", "A note")]
    changed = await done(server, "update_guest_config", guest="new", set={"cores": 2}, remove=["agent"])
    assert (changed["changed"], changed["pending"]) == (["agent", "cores"], [])
    assert (guests[vmid].config["cores"], "agent" in guests[vmid].config) == ("2", False)
    await done(server, "rollback_snapshot", guest="new", name="before", start=True)
    assert (guests[vmid].config["cores"], guests[vmid].running) == ("4", True)
    await done(server, "stop_vm", vm="new")
    await done(server, "delete_snapshot", guest="new", name="before")
    assert guests[vmid].snapshots == {}
    copy = await done(server, "clone_guest", guest="new", name="copy", full=True)
    moved = await done(server, "migrate_guest", guest="copy", target="pve3")
    assert (moved["vmid"], moved["node"], guests[copy["vmid"]].node) == (copy["vmid"], "pve3", "pve3")
    await done(server, "convert_to_template", guest="copy")
    assert data(await server.call("get_vm", vm="copy"))["template"] is True
    await done(server, "delete_guest", guest="new", purge=True)
    assert list(guests) == [copy["vmid"]]
    assert pve.recorder.matching("DELETE .*/qemu/")[-1].params == {"purge": "1"}


async def test_a_backup_brings_back_what_it_holds(pve: FakeProxmox, server: RunningServer) -> None:
    guest = pve.add_guest(101, "lxc", name="ct", config={"memory": "512"})
    await done(server, "backup_guest", guest="ct", storage="backups", notes="two\nlines")
    (backup,) = data(await server.call("list_backups", guest="ct"))["volumes"]
    assert backup["vmid"] == 101
    guest.config["memory"] = "64"
    await done(server, "restore_backup", backup=backup["volid"], vmid=101, overwrite=True)
    await done(server, "restore_backup", backup=backup["volid"], vmid=201)
    assert [pve.cluster.guests[vmid].config["memory"] for vmid in (101, 201)] == ["512", "512"]
    assert {pve.cluster.guests[vmid].kind for vmid in (101, 201)} == {"lxc"}
    assert [request.params.get("force") for request in pve.recorder.matching("POST .*/lxc$")] == ["1", None]


async def test_a_setting_that_waits_for_a_restart_is_said_to_wait(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(101, "lxc", running=True)
    changed = await done(server, "update_guest_config", guest=101, set={"cmode": "shell", "memory": 128})
    assert (changed["changed"], changed["pending"]) == (["cmode", "memory"], ["cmode"])


async def test_images_and_templates_that_were_fetched_are_there(pve: FakeProxmox, server: RunningServer) -> None:
    place = {"node": "pve1", "storage": "local"}
    await done(server, "download_template", **place, template="debian-13")
    await done(server, "download_iso", **place, url="https://example.org/a.iso", filename="a.iso")
    listed = {}
    for content in ("vztmpl", "iso"):
        found = data(await server.call("list_storage_content", storage="local", content=content))["volumes"]
        listed[content] = [volume["volid"] for volume in found]
    assert TEMPLATE in listed["vztmpl"]
    assert any("debian-13" in volid for volid in listed["vztmpl"])
    assert "local:iso/a.iso" in listed["iso"]


async def test_a_new_guest_goes_where_there_is_room_and_not_to_a_node_that_is_down(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.cluster.nodes["pve1"].memory //= 4
    pve.cluster.nodes["pve2"].memory *= 4
    pve.go_offline("pve2")
    made = await done(server, "create_container", name="ct", template=TEMPLATE, storage="local-lvm", ip="192.0.2.9/24")
    guest = pve.cluster.guests[made["vmid"]]
    assert (made["node"], guest.node, guest.running) == ("pve3", "pve3", True)
    assert (guest.config["cmode"], guest.config["unprivileged"]) == ("shell", "1")
    assert guest.config["net0"] == "name=eth0,bridge=vmbr0,ip=192.0.2.9/24"


async def test_a_token_that_sees_no_memory_still_gets_a_node_that_is_up(start: StartServer) -> None:
    acl = {"/vms": ["VM.Allocate", "VM.Audit"], "/storage": ["Datastore.AllocateSpace"], "/sdn": ["SDN.Use"]}
    with FakeProxmox(["b", "a"]) as pve:
        pve.go_offline("a")
        async with start("proxmox-mcp", env=pve.environment(pve.add_token("ai@pve!mcp", acl))) as server:
            assert (await done(server, "create_vm", name="new", storage="local-lvm"))["node"] == "b"


async def test_a_guest_is_not_moved_to_a_node_that_is_down(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.go_offline("pve2")
    result = await server.call("migrate_guest", guest=100, target="pve2")
    assert result.is_error
    assert not pve.recorder.matching("POST")


async def test_readings_are_those_of_the_cluster(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, running=True, cpu=0.25)
    node = data(await server.call("get_node_status", node="pve1"))
    assert (node["memory"]["total"], node["cpus"]) == (pve.cluster.nodes["pve1"].memory, 16)
    metrics = data(await server.call("get_guest_metrics", guest=100, timeframe="day", points=10))
    assert (len(metrics["points"]), metrics["step_seconds"]) == (10, 7 * 1800)
    assert 25 <= metrics["average"]["cpu_percent"] <= metrics["highest"]["cpu_percent"] <= 100
    stored = {each["storage"]: each for each in data(await server.call("list_storage"))["storages"] if each["shared"]}
    assert stored["backups"]["used_percent"] == 4.0
    assert data(await server.call("get_next_id"))["vmid"] == 101
    answers = [data(await server.call("get_next_id", vmid=vmid))["free"] for vmid in (100, 101)]
    assert answers == [False, True]
    status = data(await server.call("get_cluster_status"))
    assert (status["quorate"], [each["online"] for each in status["nodes"]]) == (True, [True] * 3)
