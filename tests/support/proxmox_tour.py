"""Good calls of every tool of proxmox-mcp with every argument, in an order that leaves each something to work on."""

from dataclasses import dataclass, field
from typing import Any

from mcp.types import CallToolResult, Tool

from sandbox.client import RunningServer
from sandbox.proxmox import FakeProxmox
from support.answers import data

# Stands for the backup of the guest that is restored over, or for the newest one.
BACKUP = "a backup"
TEMPLATE = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"


FILTERS = {"status": "running", "node": "pve1", "tag": "prod", "name": "e"}
SIZE = {"storage": "local-lvm", "cores": 2, "memory": 1024, "disk_gib": 4, "bridge": "vmbr0", "start": False}
SIZE |= {"options": {"description": "A note", "tags": "new"}}
NETWORK = {
    "ip": "192.0.2.99/24",
    "gateway": "192.0.2.1",
    "ssh_public_keys": "ssh-ed25519 AAA me",
    "shell_console": False,
}
COPY = {"name": "copy", "full": True, "storage": "local-lvm"}
CONFIG = "/nodes/pve1/qemu/110/config"


@dataclass
class Stop:
    """A call of the tour. confirm: it is gated, so its preview is taken first and followed."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)
    confirm: bool = False


def furnish(pve: FakeProxmox) -> None:
    """The cluster that the tour goes through."""
    agent = {"agent": "1"}
    pve.add_guest(100, name="web", running=True, agent=True, addresses=["192.0.2.10/24"], config=agent)
    pve.add_guest(101, "lxc", name="ct", running=True, addresses=["192.0.2.11/24"], config={"cmode": "shell"})
    pve.add_guest(102, name="old", node="pve2")
    pve.add_guest(103, name="base")
    pve.add_guest(104, "lxc", name="spare")


def stops(upid: str) -> list[Stop]:
    """`upid` is a task that has ended."""
    return [
        *cluster_stops(),
        *guest_stops(),
        *power_stops(),
        *creation_stops(),
        *change_stops(),
        *backup_stops(),
        *container_stops(),
        *removal_stops(),
        *storage_stops(),
        *task_stops(upid),
        *api_stops(),
    ]


def cluster_stops() -> list[Stop]:
    return [
        *(Stop(tool) for tool in ("infra_overview", "list_nodes", "get_cluster_status")),
        Stop("list_cluster_resources", {"type": "qemu"}),
        Stop("get_node_status", {"node": "pve1"}),
        Stop("get_next_id"),
        Stop("get_next_id", {"vmid": 199}),
    ]


def guest_stops() -> list[Stop]:
    return [
        Stop("list_guests", {"with_ips": True}),
        Stop("list_guests", FILTERS | {"pool": "shop", "ip": "192.0.2."}),
        Stop("list_vms", FILTERS | {"with_ips": True}),
        Stop("list_containers", FILTERS | {"with_ips": True}),
        Stop("get_vm", {"vm": "web"}),
        Stop("get_container", {"container": 101}),
        Stop("get_guest_metrics", {"guest": "web", "points": 5}),
        Stop("exec_vm", {"vm": "web", "command": "cat", "interpreter": "sh", "stdin": "text"}),
        Stop("exec_container", {"container": "ct", "command": "cat", "stdin": "text"}),
    ]


def power_stops() -> list[Stop]:
    """Moving, pausing, stopping."""
    return [
        Stop("migrate_guest", {"guest": "web", "target": "pve2"}),
        Stop("migrate_guest", {"guest": "web", "target": "pve1"}),
        Stop("suspend_guest", {"guest": "web"}),
        Stop("resume_guest", {"guest": "web"}),
        Stop("suspend_guest", {"guest": "web", "to_disk": True}),
        Stop("resume_guest", {"guest": "web"}),
        Stop("reboot_guest", {"guest": "web"}),
        Stop("reboot_guest", {"guest": "ct", "grace": 30}),
        Stop("shutdown_guest", {"guest": "web", "grace": 30, "force": True}),
        Stop("start_vm", {"vm": "web"}),
        Stop("stop_vm", {"vm": "web"}),
        Stop("stop_container", {"container": "ct"}),
        Stop("start_container", {"container": "ct"}),
    ]


def creation_stops() -> list[Stop]:
    """What is made here, later stops change and remove."""
    return [
        Stop("create_vm", SIZE | {"name": "new", "vmid": 110, "node": "pve1", "iso": "local:iso/debian.iso"}),
        Stop("create_vm", {"name": "plain", "storage": "local-lvm"}),
        Stop("create_container", {"name": "newct", "vmid": 111, "template": TEMPLATE, "storage": "local-lvm"}),
        Stop("create_container", SIZE | NETWORK | {"name": "fixed", "vmid": 115, "node": "pve2", "template": TEMPLATE}),
    ]


def change_stops() -> list[Stop]:
    return [
        Stop("update_guest_config", {"guest": 110, "set": {"cores": 4, "onboot": True}, "remove": ["boot"]}),
        Stop("resize_disk", {"guest": 110, "disk": "scsi0", "size": "+4G"}),
        Stop("create_snapshot", {"guest": 110, "name": "before", "description": "A note", "with_memory": True}),
        Stop("list_snapshots", {"guest": 110}),
        Stop("rollback_snapshot", {"guest": 110, "name": "before", "start": False}, confirm=True),
        Stop("delete_snapshot", {"guest": 110, "name": "before"}, confirm=True),
        Stop("clone_guest", COPY | {"guest": 110, "vmid": 112, "target": "pve2"}),
        Stop("migrate_guest", {"guest": 112, "target": "pve1"}),
    ]


def backup_stops() -> list[Stop]:
    return [
        Stop("backup_guest", {"guest": 104, "storage": "backups"}),
        Stop("backup_guest", {"guest": 110, "storage": "backups", "mode": "stop", "notes": "by hand"}),
        Stop("list_backups", {"guest": 104, "storage": "backups"}),
        Stop("restore_backup", {"backup": BACKUP, "vmid": 104, "overwrite": True}, confirm=True),
        Stop("restore_backup", {"backup": BACKUP, "vmid": 114, "node": "pve1", "storage": "local-lvm"}, confirm=True),
    ]


def removal_stops() -> list[Stop]:
    return [
        Stop("convert_to_template", {"guest": 103}, confirm=True),
        Stop("delete_guest", {"guest": "old", "purge": True}, confirm=True),
    ]


def storage_stops() -> list[Stop]:
    return [
        Stop("list_storage"),
        Stop("list_storage_content", {"storage": "local", "node": "pve1", "content": "vztmpl"}),
        Stop("download_template", {"node": "pve1", "storage": "local", "template": "debian-13"}),
        Stop(
            "download_iso",
            {
                "node": "pve1",
                "storage": "local",
                "url": "https://example.org/a.iso",
                "filename": "a.iso",
                "sha256": "0" * 64,
            },
        ),
    ]


def task_stops(upid: str) -> list[Stop]:
    return [
        Stop("list_tasks", {"guest": 110, "node": "pve1", "failed": True, "running": False}),
        Stop("get_task_status", {"upid": upid}),
        Stop("get_task_log", {"upid": upid}),
        Stop("wait_task", {"upid": upid}),
    ]


def api_stops() -> list[Stop]:
    return [
        Stop("whoami"),
        Stop("search_api", {"words": "snapshot rollback"}),
        Stop("call_api", {"path": "/nodes/pve1/tasks", "params": {"errors": True}}),
        Stop("call_api_write", {"method": "POST", "path": "/nodes/pve1/lxc/101/status/stop"}, confirm=True),
        Stop("call_api_write", {"method": "PUT", "path": CONFIG, "params": {"cores": 2}}, confirm=True),
    ]


def container_stops() -> list[Stop]:
    """What goes another way for containers than for VMs."""
    return [
        Stop("update_guest_config", {"guest": 111, "set": {"memory": 1024, "cmode": "console"}}),
        Stop("resize_disk", {"guest": 111, "disk": "rootfs", "size": "+1G"}),
        Stop("create_snapshot", {"guest": 111, "name": "before"}),
        Stop("list_snapshots", {"guest": 111}),
        Stop("rollback_snapshot", {"guest": 111, "name": "before"}, confirm=True),
        Stop("clone_guest", {"guest": 111, "vmid": 113, "name": "ctcopy", "snapshot": "before", "full": True}),
        Stop("delete_snapshot", {"guest": 111, "name": "before"}, confirm=True),
        Stop("start_container", {"container": 111}),
        Stop("get_guest_metrics", {"guest": 111, "timeframe": "week"}),
        Stop("migrate_guest", {"guest": 111, "target": "pve3", "restart": True}),
        Stop("shutdown_guest", {"guest": 111, "force": True}),
        Stop("convert_to_template", {"guest": 113}, confirm=True),
        Stop("delete_guest", {"guest": 111}, confirm=True),
    ]


def is_read(tool: Tool) -> bool:
    return bool(tool.annotations and tool.annotations.read_only_hint)


async def take(server: RunningServer, pve: FakeProxmox, stop: Stop) -> CallToolResult:
    """Make a call of the tour, confirming it where that is asked for."""
    return await server.call(stop.tool, **await prepared(server, pve, stop))


async def prepared(server: RunningServer, pve: FakeProxmox, stop: Stop) -> dict[str, Any]:
    """The arguments of a call of the tour, with what its preview asks for."""
    arguments = dict(stop.arguments)
    if arguments.get("backup") == BACKUP:
        own = [each.volid for each in pve.cluster.storages["backups"].volumes if each.vmid == arguments["vmid"]]
        arguments["backup"] = own[0] if own else pve.cluster.storages["backups"].volumes[-1].volid
    if stop.confirm:
        preview = await server.call(stop.tool, **arguments)
        arguments |= data(preview)["confirm_with"]
    return arguments


def finished_task(pve: FakeProxmox) -> str:
    return pve.tasks.begin("pve1", "qmstart", "100", pve.token.id, effect=lambda: None)
