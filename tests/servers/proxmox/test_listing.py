"""Listings of the whole cluster, whatever is down."""

from typing import Any

import pytest

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.client import StartServer

pytestmark = pytest.mark.anyio


async def test_200_guests_on_5_nodes_take_one_request(start: StartServer) -> None:
    with FakeProxmox([f"pve{number}" for number in range(1, 6)]) as big:
        for number in range(200):
            kind = "lxc" if number % 3 else "qemu"
            big.add_guest(100 + number, kind, node=f"pve{1 + number % 5}", running=bool(number % 2))
        async with start("proxmox-mcp", env=big.environment()) as server:
            listed = data(await server.call("list_guests"))
        assert (listed["total"], len(listed["guests"])) == (200, 200)
        assert [request.line for request in big.requests] == ["GET /cluster/resources"]


async def test_an_offline_node_is_reported_and_its_guests_are_still_listed(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100, name="here", running=True)
    pve.add_guest(101, name="there", node="pve2", running=True)
    pve.go_offline("pve2")
    listed = data(await server.call("list_guests"))
    assert listed["offline_nodes"] == ["pve2"]
    assert {guest["vmid"]: guest["status"] for guest in listed["guests"]} == {100: "running", 101: "unknown"}
    assert data(await server.call("list_nodes"))["offline"] == ["pve2"]


async def test_an_offline_node_breaks_no_listing(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, node="pve2", running=True)
    pve.add_guest(101, "lxc", running=True)
    await server.call("backup_guest", guest=101, storage="backups")
    pve.go_offline("pve2")
    listings = {tool.name for tool in (await server.client.list_tools()).tools if tool.name.startswith("list_")}
    needed: dict[str, dict[str, Any]] = {
        "list_snapshots": {"guest": 101},
        "list_storage_content": {"storage": "backups"},
    }
    answers = {name: data(await server.call(name, **needed.get(name, {}))) for name in listings}
    assert len(answers) >= 10
    assert [guest["vmid"] for guest in answers["list_vms"]["guests"]] == [100]
    assert answers["list_vms"]["offline_nodes"] == answers["list_containers"]["offline_nodes"] == ["pve2"]
    assert (len(answers["list_backups"]["volumes"]), answers["list_backups"]["unread"]) == (1, [])
    assert {storage["status"] for storage in answers["list_storage"]["storages"]} == {"available", "unknown"}
    assert data(await server.call("get_cluster_status"))["nodes"][1]["online"] is False


async def test_a_name_is_resolved_by_one_request(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, name="web", node="pve3")
    assert data(await server.call("start_vm", vm="web"))["node"] == "pve3"
    listing, order, *following = [request.line for request in pve.requests]
    assert (listing, order) == ("GET /cluster/resources", "POST /nodes/pve3/qemu/100/status/start")
    assert all("/tasks/UPID:pve3:" in line for line in following)


async def test_a_node_that_goes_down_in_the_middle_costs_only_what_it_alone_knows(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100, "lxc", running=True, addresses=["192.0.2.10/24"])
    pve.add_guest(101, "lxc", node="pve2", running=True, addresses=["192.0.2.11/24"])
    pve.after("GET /cluster/resources", lambda: pve.go_offline("pve2"))
    listed = data(await server.call("list_guests", with_ips=True))
    assert {guest["vmid"]: guest.get("ips") for guest in listed["guests"]} == {100: ["192.0.2.10"], 101: None}


async def test_filters_are_combined(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, name="web-1", running=True, pool="shop", config={"tags": "prod;web"})
    pve.add_guest(101, name="web-2", pool="shop", config={"tags": "prod;web"})
    pve.add_guest(102, "lxc", name="db", running=True, node="pve2", config={"tags": "prod"})
    found = {}
    for filters in ({"tag": "web", "status": "running"}, {"node": "pve2"}, {"pool": "shop"}, {"name": "WEB-2"}):
        listed = data(await server.call("list_guests", **filters))
        found[str(filters)] = [guest["vmid"] for guest in listed["guests"]]
    assert list(found.values()) == [[100], [102], [100, 101], [101]]


async def test_guests_are_found_by_address(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, running=True, agent=True, addresses=["198.51.100.7/24"], config={"agent": "1"})
    pve.add_guest(101, "lxc", running=True, addresses=["192.0.2.7/24"])
    listed = data(await server.call("list_guests", ip="198.51."))
    assert [(guest["vmid"], guest["ips"]) for guest in listed["guests"]] == [(100, ["198.51.100.7"])]


@pytest.mark.parametrize(
    ("guest", "source", "ips"),
    [
        ({"agent": True, "config": {"agent": "1"}}, "agent", ["192.0.2.9", "2001:db8::9"]),
        ({"agent": False, "config": {"ipconfig0": "ip=192.0.2.20/24,gw=192.0.2.1"}}, "cloud-init", ["192.0.2.20"]),
        ({"kind": "lxc"}, "interfaces", ["192.0.2.9", "2001:db8::9"]),
        ({"kind": "lxc", "running": False, "config": {"net0": "name=eth0,ip=192.0.2.30/24"}}, "config", ["192.0.2.30"]),
        ({"kind": "lxc", "running": False}, None, None),
    ],
)
async def test_addresses_come_from_the_best_source_there_is(
    pve: FakeProxmox, server: RunningServer, guest: dict[str, object], source: str | None, ips: list[str] | None
) -> None:
    known = {"running": True, "addresses": ["2001:db8::9/64", "192.0.2.9/24", "fe80::1/64"]} | guest
    kind = str(known.pop("kind", "qemu"))
    pve.add_guest(100, kind, **known)  # type: ignore[arg-type]
    tool, name = ("get_vm", "vm") if kind == "qemu" else ("get_container", "container")
    shown = data(await server.call(tool, **{name: 100}))
    assert (shown.get("ip_source"), shown.get("ips")) == (source, ips)


@pytest.mark.parametrize(("kind", "version"), [("qemu", "9.1"), ("lxc", "9.1"), ("lxc", "8.4")])
async def test_of_several_interfaces_the_one_that_is_net0_comes_first(
    pve: FakeProxmox, server: RunningServer, kind: str, version: str
) -> None:
    pve.cluster.version = version
    others = {"aux0": ["198.51.100.9/24"], "br-inner": ["172.18.0.1/16"]}
    own: dict[str, Any] = {
        "running": True,
        "agent": True,
        "addresses": ["2001:db8::9/64", "192.0.2.9/24"],
        "others": others,
    }
    pve.add_guest(100, kind, config={"agent": "1"} if kind == "qemu" else {}, **own)
    shown = data(
        await server.call("get_vm", vm=100) if kind == "qemu" else await server.call("get_container", container=100)
    )
    (listed,) = data(await server.call("list_guests", with_ips=True))["guests"]
    assert shown["ips"] == listed["ips"] == ["192.0.2.9", "2001:db8::9", "198.51.100.9"]


async def test_a_listing_asks_for_a_configuration_only_where_the_guest_leaves_a_doubt(
    pve: FakeProxmox, server: RunningServer
) -> None:
    plain: dict[str, Any] = {"running": True, "addresses": ["192.0.2.10/24"]}
    pve.add_guest(100, "lxc", **plain)
    pve.add_guest(101, "lxc", **plain, others={"eth1": ["198.51.100.10/24"]})
    pve.add_guest(102, running=True, config={"ipconfig0": "ip=192.0.2.20/24"})
    listed = data(await server.call("list_guests", with_ips=True))["guests"]
    assert [guest["ips"] for guest in listed] == [["192.0.2.10"], ["192.0.2.10", "198.51.100.10"], ["192.0.2.20"]]
    assert {request.path.split("/")[4] for request in pve.recorder.matching("/config")} == {"101", "102"}


async def test_two_guests_of_one_name_are_told_apart_by_id(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, name="twin")
    pve.add_guest(101, name="twin")
    assert error(await server.call("start_vm", vm="twin"))["kind"] == "conflict"
    assert data(await server.call("start_vm", vm=101))["done"]
    assert [guest.running for guest in pve.cluster.guests.values()] == [False, True]


async def test_a_guest_that_is_not_there_is_answered_with_what_is_near(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, name="webserver")
    result = await server.call("get_vm", vm="webserv")
    assert error(result)["kind"] == "not_found"
    assert "webserver" in str(result.content)


async def test_an_empty_list_says_that_rights_may_be_missing(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(100)
    blind = pve.add_token("root@pam!blind", {})
    async with start("proxmox-mcp", env=pve.environment(blind)) as server:
        assert "VM.Audit" in data(await server.call("list_guests"))["note"]


async def test_long_lists_come_in_pages(pve: FakeProxmox, server: RunningServer) -> None:
    for vmid in range(100, 110):
        pve.add_guest(vmid)
    first = data(await server.call("list_vms", limit=4))
    last = data(await server.call("list_vms", limit=4, offset=8))
    assert (len(first["guests"]), first["next_offset"], first["total"]) == (4, 4, 10)
    assert ([guest["vmid"] for guest in last["guests"]], "next_offset" in last) == ([108, 109], False)


async def test_the_overview_names_what_is_broken(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100, name="stuck", config={"lock": "backup"})
    pve.cluster.storages["backups"].total = 21 * 2**30
    pve.tasks.plan("vzdump", outcome="job errors")
    pve.tasks.begin("pve1", "vzdump", "100", "root@pam", effect=lambda: None)
    pve.go_offline("pve3")
    seen = data(await server.call("infra_overview"))
    assert not seen["healthy"]
    assert {problem["where"] for problem in seen["problems"]} == {
        "pve3",
        "backups",
        "100 (stuck) on pve1",
        "100 on pve1",
    }


async def test_the_overview_says_what_it_could_not_look_at(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(100)
    token = pve.add_token("root@pam!some", {"/vms": ["VM.Audit"]})
    async with start("proxmox-mcp", env=pve.environment(token)) as server:
        seen = data(await server.call("infra_overview"))
    assert "quorate" not in seen
    assert any(line.startswith("quorum") and "Sys.Audit" in line for line in seen["unchecked"])
