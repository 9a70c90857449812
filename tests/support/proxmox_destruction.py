"""A good call of every tool of proxmox-mcp that can't be undone."""

from typing import Any

from sandbox.proxmox import FakeProxmox

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


def changes(pve: FakeProxmox) -> list[str]:
    return [request.line for request in pve.requests if request.method != "GET"]
