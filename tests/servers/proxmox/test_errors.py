"""What the API refuses is told with its cause and what to do about it."""

from contextlib import closing
from typing import Any

import pytest

from infra_mcp_common.errors import InfraError
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.http import Method
from infra_mcp_common.tool_calls.call_context import Call
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.hosts import parse
from infra_mcp_proxmox.transport.identity import Identity
from infra_mcp_proxmox.transport.trust import Trust
from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox, Raw
from support.answers import data, error, text
from support.client import StartServer
from support.running import serving

pytestmark = pytest.mark.anyio

VM, CT, AUDIT = {"vm": 100}, {"container": 101}, "VM.Audit"
DENIED: list[tuple[str, dict[str, Any], str, str]] = [
    ("start_vm", VM, "/vms/100", "VM.PowerMgmt"),
    ("stop_container", CT, "/vms/101", "VM.PowerMgmt"),
    ("exec_container", CT | {"command": "id"}, "/vms/101", "VM.Console"),
    ("exec_vm", VM | {"command": "id"}, "/vms/100", "VM.GuestAgent.Unrestricted"),
    ("create_snapshot", {"guest": 100, "name": "now"}, "/vms/100", "VM.Snapshot"),
    ("migrate_guest", {"guest": 100, "target": "pve2"}, "/vms/100", "VM.Migrate"),
    ("clone_guest", {"guest": 100, "name": "copy"}, "/vms/100", "VM.Clone"),
    ("resize_disk", {"guest": 100, "disk": "scsi0", "size": "+1G"}, "/vms/100", "VM.Config.Disk"),
    ("backup_guest", {"guest": 100, "storage": "backups"}, "/vms/100", "VM.Backup"),
    ("create_vm", {"name": "new", "storage": "local-lvm", "vmid": 200}, "/vms/200", "VM.Allocate"),
    ("get_node_status", {"node": "pve1"}, "/nodes/pve1", "Sys.Audit"),
    ("list_storage_content", {"storage": "local", "node": "pve1"}, "/storage/local", "Datastore.Audit"),
]


@pytest.mark.parametrize("version", ["7.4", "9.1"])
async def test_a_refusal_names_the_privilege_its_path_and_the_line_that_grants_it(
    start: StartServer, version: str
) -> None:
    with FakeProxmox(version=version) as pve:
        pve.add_guest(100, running=True)
        pve.add_guest(101, "lxc", running=True)
        token = pve.add_token("ai@pve!mcp", {"/vms": [AUDIT]})
        async with start("proxmox-mcp", env=pve.environment(token)) as server:
            for tool, arguments, path, privilege in DENIED:
                result = await server.call(tool, **arguments)
                wanted = "VM.Monitor" if version == "7.4" and tool == "exec_vm" else privilege
                facts = error(result)
                assert (facts["kind"], facts["path"], facts["privileges"][0]) == ("denied", path, wanted), tool
                granted = text(result)
                lacking = " or ".join(facts["privileges"])
                first = f"The token ai@pve!mcp lacks {lacking} on {path}. On a node, grant it: pveum role add "
                assert granted.startswith(first), tool
                assert f"--privs {wanted};" in granted
                assert f"pveum acl modify {path} --tokens 'ai@pve!mcp'" in granted


async def test_what_was_granted_by_that_line_is_enough(pve: FakeProxmox, start: StartServer) -> None:
    pve.add_guest(100)
    token = pve.add_token("ai@pve!mcp", {"/vms": [AUDIT]})
    async with start("proxmox-mcp", env=pve.environment(token)) as server:
        facts = error(await server.call("start_vm", vm=100))
        token.acl[facts["path"]] = frozenset([AUDIT, *facts["privileges"]])
        assert data(await server.call("start_vm", vm=100))["done"]


async def test_a_refused_token_is_not_tried_again(pve: FakeProxmox, start: StartServer) -> None:
    env = pve.environment() | {"PROXMOX_API_TOKEN": f"{pve.token.id}=wrong"}
    async with start("proxmox-mcp", env=env) as server:
        result = await server.call("list_guests")
    assert (error(result)["kind"], error(result)["status"]) == ("denied", 401)
    assert len(pve.requests) == 1


@pytest.mark.parametrize("reason", ["No ticket", "Authentication failed!", "permission denied - invalid PVEVNC ticket"])
async def test_a_401_is_never_tried_again(pve: FakeProxmox, server: RunningServer, reason: str) -> None:
    pve.add_guest(100)
    pve.answer_with("", Raw(401, reason), times=9)
    for call in (server.call("list_guests"), server.call("start_vm", vm=100)):
        pve.requests.clear()
        assert error(await call)["status"] == 401
        assert len(pve.requests) == 1


@pytest.mark.parametrize(
    ("setup", "call", "kind"),
    [
        ({"config": {"lock": "backup"}}, ("start_vm", VM), "conflict"),
        ({"running": True}, ("start_vm", VM), "conflict"),
        ({}, ("reboot_guest", {"guest": 100}), "conflict"),
        ({}, ("update_guest_config", {"guest": 100, "set": {"args": "-S"}}), "denied"),
        ({}, ("update_guest_config", {"guest": 100, "set": {"cores": 1}, "digest": "0" * 40}), "conflict"),
        ({}, ("update_guest_config", {"guest": 100, "set": {"nonsense": 1}}), "invalid_input"),
        ({}, ("update_guest_config", {"guest": 100, "set": {"cores": 0}}), "invalid_input"),
        ({}, ("create_vm", {"name": "new", "storage": "nowhere"}), "not_found"),
        ({}, ("create_vm", {"name": "new", "storage": "local-lvm", "vmid": 100}), "invalid_input"),
        ({}, ("migrate_guest", {"guest": 100, "target": "pve9"}), "not_found"),
        ({}, ("rollback_snapshot", {"guest": 100, "name": "gone"}), "not_found"),
        ({}, ("resize_disk", {"guest": 100, "disk": "scsi7", "size": "+1G"}), "invalid_input"),
        ({}, ("resize_disk", {"guest": 100, "disk": "scsi0", "size": "1G"}), "failed"),
        ({}, ("get_vm", {"vm": 999}), "not_found"),
        ({}, ("get_container", {"container": 100}), "invalid_input"),
        ({}, ("restore_backup", {"backup": "local:iso/x.iso", "vmid": 300}), "invalid_input"),
    ],
)
async def test_a_state_or_argument_that_does_not_fit_is_told_as_such(
    pve: FakeProxmox, server: RunningServer, setup: dict[str, Any], call: tuple[str, dict[str, Any]], kind: str
) -> None:
    pve.add_guest(100, **setup)
    before = dict(pve.cluster.guests[100].config)
    assert error(await server.call(call[0], **call[1]))["kind"] == kind
    assert pve.cluster.guests[100].config == before


async def test_without_quorum_nothing_is_changed_and_the_reason_is_told(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100)
    pve.cluster.quorate = False
    result = await server.call("start_vm", vm=100)
    assert error(result)["kind"] == "conflict"
    assert "quorum" in text(result)


async def test_a_guest_of_an_offline_node_is_out_of_reach_by_name_of_the_node(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100, node="pve2")
    pve.go_offline("pve2")
    facts = error(await server.call("start_vm", vm=100))
    assert (facts["kind"], facts["node"]) == ("node_down", "pve2")


@pytest.mark.parametrize(
    ("said", "kind", "remedy"),
    [
        ("CT 100 already running", "conflict", "get_container"),
        ("VM 100 not running", "conflict", "get_vm"),
        ("VM 100 is running - destroy failed", "conflict", "stop_vm"),
        ("unable to destroy CT 100 - container is running", "conflict", "stop_container"),
        ("VM is locked (backup)", "conflict", "list_tasks"),
        ("can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout", "conflict", "list_tasks"),
        ("can't remove CT 100 - protection mode enabled", "conflict", "update_guest_config"),
        ("cluster not ready - no quorum?", "conflict", "get_cluster_status"),
        ("No QEMU guest agent configured", "conflict", "qemu-guest-agent"),
        ("QEMU guest agent is not running", "conflict", "qemu-guest-agent"),
        ("detected modified configuration - file changed by other user? Try again.", "conflict", "again"),
        ("unable to create VM 100: config file already exists", "conflict", "get_next_id"),
        ("Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist", "not_found", "list_guests"),
        ("hostname lookup 'pve9' failed - failed to get address info for: pve9", "not_found", "list_nodes"),
        ("storage 'nas' does not exist", "not_found", "list_storage"),
        ("only root can set 'args' config", "denied", "administrator"),
    ],
)
@pytest.mark.parametrize("in_task", [False, True])
async def test_the_words_of_a_refusal_mean_the_same_at_once_and_in_a_task(
    pve: FakeProxmox, server: RunningServer, said: str, kind: str, remedy: str, *, in_task: bool
) -> None:
    pve.add_guest(100)
    if in_task:
        pve.tasks.plan("qmstart", outcome=said)
    else:
        pve.answer_with("POST .*/start", Raw(500, said))
    result = await server.call("start_vm", vm=100)
    assert error(result)["kind"] == kind
    assert said in text(result)
    assert remedy in text(result).replace(said, "")


async def test_a_right_that_is_missed_in_a_task_is_named_with_the_line_that_grants_it(
    pve: FakeProxmox, server: RunningServer
) -> None:
    pve.add_guest(100)
    pve.tasks.plan("qmstart", outcome="Permission check failed (/storage/nas, Datastore.AllocateSpace)")
    result = await server.call("start_vm", vm=100)
    facts = error(result)
    assert (facts["kind"], facts["path"], facts["privileges"]) == (
        "denied",
        "/storage/nas",
        ["Datastore.AllocateSpace"],
    )
    assert f"pveum acl modify /storage/nas --tokens '{pve.token.id}'" in text(result)


async def test_a_guest_that_goes_while_it_is_asked_for_is_not_there(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.after("GET /cluster/resources", pve.cluster.guests.clear)
    assert error(await server.call("get_vm", vm=100))["kind"] == "not_found"


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_silent_server_is_told_as_such_and_a_change_as_uncertain(pve: FakeProxmox, kind: Kind) -> None:
    pve.add_guest(100)
    pve.answer_with("", Raw(seconds=3), times=9)
    identity = Identity(parse(pve.address, "8006"), pve.token.id, pve.token.secret, Trust(ca_file=str(pve.ca_file)))
    method: Method = "GET" if kind == "read" else "POST"
    with serving(Call("test", allowed=kind)), closing(Client(identity)) as client, pytest.raises(InfraError) as raised:
        await client.data(method, "/nodes/pve1/qemu/100/status/start", timeout=1.5)
    assert raised.value.kind == ("timed_out" if kind == "read" else "answer_lost")
    assert len(pve.requests) == 1


PAGE = b"<html><body><h1>It works</h1></body></html>"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Raw(200, body=PAGE), "failed"),
        (Raw(404, "Not Found", body=PAGE), "failed"),
        (Raw(200, body=b'{"data":[{"type":"no'), "failed"),
        (Raw(301, "Moved Permanently", headers={"Location": "https://example.org/"}), "failed"),
        (Raw(501, "Method 'GET /cluster/resources' not implemented"), "failed"),
        (Raw(595, "No route to host"), "node_down"),
        (Raw(596, "Connection timed out"), "node_down"),
        (Raw(599, "Too many redirections"), "node_down"),
        (Raw(500, "something nobody has seen before"), "failed"),
    ],
    ids=lambda each: f"{each.status}-{each.reason[:12]}" if isinstance(each, Raw) else str(each),
)
async def test_an_answer_that_is_none_is_told_as_what_it_is(
    pve: FakeProxmox, server: RunningServer, capsys: pytest.CaptureFixture[str], answer: Raw, kind: str
) -> None:
    pve.answer_with("GET /cluster/resources", answer, times=9)
    result = await server.call("list_guests")
    assert error(result)["kind"] == kind
    assert "Traceback" not in capsys.readouterr().err
    assert not [request for request in pve.requests if "example.org" in request.endpoint]


async def test_a_read_whose_answer_was_cut_off_is_made_again(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.answer_with("GET /cluster/resources", Raw(200, body=b'{"data":[', length=500))
    assert data(await server.call("list_guests"))["total"] == 1


async def test_a_change_whose_answer_was_lost_is_not_made_again(pve: FakeProxmox, server: RunningServer) -> None:
    pve.add_guest(100)
    pve.answer_with("POST .*/start", Raw(drop=True))
    result = await server.call("start_vm", vm=100)
    assert error(result)["kind"] == "answer_lost"
    assert len(pve.recorder.matching("POST .*/start")) == 1
