"""whoami tells in advance what a token may do, and is right about it."""

import pytest

from infra_mcp_proxmox.domain.privileges import NEEDS, WITHOUT_NEEDS
from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.client import StartServer
from support.proxmox_tour import finished_task, furnish, prepared, stops

pytestmark = pytest.mark.anyio


# These answer with less instead of refusing, when rights are missing.
LENIENT = {"infra_overview", "list_guests", "list_vms", "list_containers", "list_storage", "list_backups"}


async def test_a_tool_needs_exactly_the_privileges_that_are_named(start: StartServer) -> None:
    with FakeProxmox() as pve:
        furnish(pve)
        token = pve.add_token("ai@pve!mcp", {})
        async with start("proxmox-mcp", env=pve.environment(token)) as server:
            for stop in stops(finished_task(pve)):
                token.acl = with_extra(stop.tool, acls(stop.tool)[0])
                arguments = await prepared(server, pve, stop)
                for lacking in acls(stop.tool)[1:] if stop.tool not in LENIENT else []:
                    token.acl = with_extra(stop.tool, lacking)
                    refused = await server.call(stop.tool, **arguments)
                    assert error(refused)["kind"] in {"denied", "not_found", "conflict"}, (stop.tool, lacking)
                token.acl = with_extra(stop.tool, acls(stop.tool)[0])
                result = await server.call(stop.tool, **arguments)
                assert not result.is_error, (stop.tool, result.content)


def acls(tool: str) -> list[dict[str, frozenset[str]]]:
    """What a tool is said to need, then the same with one need after the other left out."""
    needs = NEEDS.get(tool, ())
    single = [(need.root, {right}) for need in needs if not need.either for right in need.privileges]
    groups = single + [(need.root, set(need.privileges)) for need in needs if need.either]
    return [joined(groups), *(joined([each for each in groups if each is not left_out]) for left_out in groups)]


def joined(groups: list[tuple[str, set[str]]]) -> dict[str, frozenset[str]]:
    roots = {root for root, _ in groups}
    return {root: frozenset().union(*(rights for at, rights in groups if at == root)) for root in roots}


def with_extra(tool: str, acl: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    more = EXTRA.get(tool, {})
    return {path: acl.get(path, frozenset()) | more.get(path, frozenset()) for path in acl | more}


# What an ordinary user has beside the tool's own privileges: bridges to plug into, and what the
# call of the tour is about.
BRIDGE = {"/sdn/zones/localnetwork/vmbr0": frozenset(["SDN.Use"])}
EXTRA = {
    "create_vm": BRIDGE,
    "create_container": BRIDGE,
    "restore_backup": {"/vms": frozenset(["VM.Audit"])},  # to see the guest that is restored over
    "call_api": {"/nodes": frozenset(["Sys.Audit"])},
    "call_api_write": {"/vms": frozenset(["VM.Audit", "VM.PowerMgmt", "VM.Config.CPU"])},
    "get_task_status": {"/nodes": frozenset(["Sys.Audit"])},
    "get_task_log": {"/nodes": frozenset(["Sys.Audit"])},
    "wait_task": {"/nodes": frozenset(["Sys.Audit"])},
}


async def test_tools_are_sorted_by_where_the_token_may_use_them(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(100)
    token = pve.add_token("ai@pve!mcp", {"/vms": ["VM.Audit"], "/vms/100": ["VM.Audit", "VM.PowerMgmt"]})
    async with start("proxmox-mcp", env=pve.environment(token)) as server:
        who = data(await server.call("whoami"))
    assert "list_guests" in who["tools"]["everywhere"]
    assert "start_vm" in who["tools"]["some"]
    assert "delete_guest" in who["tools"]["nowhere"]
    assert who["missing"]["start_vm"] == "VM.Audit and VM.PowerMgmt on /vms"


async def test_every_tool_has_its_privileges_in_the_table_or_a_reason_to_have_none(server: RunningServer) -> None:
    listed = {tool.name for tool in (await server.client.list_tools()).tools}
    where = "NEEDS or WITHOUT_NEEDS of infra_mcp_proxmox/domain/privileges.py"
    assert listed - NEEDS.keys() - WITHOUT_NEEDS.keys() == set(), f"add them to {where}"
    assert (NEEDS.keys() | WITHOUT_NEEDS.keys()) - listed == set(), f"remove them from {where}"
    assert NEEDS.keys() & WITHOUT_NEEDS.keys() == set()
    assert all(WITHOUT_NEEDS.values())
