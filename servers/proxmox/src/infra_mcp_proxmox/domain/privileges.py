"""Which privileges each tool needs, and what that means for the token in hand.

Every tool that works on a guest also needs VM.Audit there: without it the guest is invisible.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Permissions = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Need:
    """Privileges below a path: all of them, or with `either` one."""

    root: str
    privileges: tuple[str, ...]
    either: bool = False

    def satisfied(self, have: Iterable[str]) -> bool:
        held = [privilege in have for privilege in self.privileges]
        return any(held) if self.either else all(held)

    def __str__(self) -> str:
        return f"{(' or ' if self.either else ' and ').join(self.privileges)} on {self.root}"


def _guest(*privileges: str) -> tuple[Need, ...]:
    return (Need("/vms", ("VM.Audit", *privileges)),)


_SEE = Need("/vms", ("VM.Audit",))
_SPACE = Need("/storage", ("Datastore.AllocateSpace",))
_LIST_STORAGE = Need("/storage", ("Datastore.Audit",))
CONFIG = tuple(
    f"VM.Config.{name}" for name in ("Disk", "CDROM", "CPU", "Memory", "Network", "HWType", "Options", "Cloudinit")
)

NEEDS: dict[str, tuple[Need, ...]] = {
    "infra_overview": (_SEE, Need("/", ("Sys.Audit",))),
    "get_cluster_status": (Need("/", ("Sys.Audit",)),),
    "get_node_status": (Need("/nodes", ("Sys.Audit",)),),
    **dict.fromkeys(("list_guests", "list_vms", "list_containers", "get_vm", "get_container"), _guest()),
    **dict.fromkeys(("get_guest_metrics", "list_snapshots"), _guest()),
    **dict.fromkeys(("start_vm", "stop_vm", "start_container", "stop_container"), _guest("VM.PowerMgmt")),
    **dict.fromkeys(("shutdown_guest", "reboot_guest", "suspend_guest", "resume_guest"), _guest("VM.PowerMgmt")),
    **dict.fromkeys(("create_vm", "create_container"), (Need("/vms", ("VM.Allocate",)), _SPACE)),
    "clone_guest": _guest("VM.Clone", "VM.Allocate"),
    **dict.fromkeys(("delete_guest", "convert_to_template"), _guest("VM.Allocate")),
    "update_guest_config": (_SEE, Need("/vms", CONFIG, either=True)),
    "resize_disk": _guest("VM.Config.Disk"),
    "migrate_guest": _guest("VM.Migrate"),
    **dict.fromkeys(("create_snapshot", "delete_snapshot"), _guest("VM.Snapshot")),
    "rollback_snapshot": (_SEE, Need("/vms", ("VM.Snapshot", "VM.Snapshot.Rollback"), either=True)),
    "backup_guest": (*_guest("VM.Backup"), _SPACE),
    "restore_backup": (Need("/vms", ("VM.Allocate",)), _SPACE),
    **dict.fromkeys(("list_storage", "list_storage_content", "list_backups"), (_LIST_STORAGE,)),
    "download_template": (Need("/storage", ("Datastore.AllocateTemplate",)),),
    "download_iso": (
        Need("/storage", ("Datastore.AllocateTemplate",)),
        Need("/nodes", ("Sys.AccessNetwork", "Sys.Modify"), either=True),
    ),
    "exec_container": _guest("VM.Console"),
    "exec_vm": (_SEE, Need("/vms", ("VM.GuestAgent.Unrestricted", "VM.Monitor"), either=True)),
}
# Tools that no table can tell the privileges of. Each tool is either here or in NEEDS.
WITHOUT_NEEDS: dict[str, str] = {
    **dict.fromkeys(("list_nodes", "list_cluster_resources", "list_tasks"), "answers with what the token may see"),
    "get_next_id": "any token may ask for a free id",
    **dict.fromkeys(("get_task_status", "get_task_log", "wait_task"), "a token sees its own tasks"),
    "whoami": "any token may ask for its own rights",
    "search_api": "the description of the API is open to all",
    **dict.fromkeys(("call_api", "call_api_write"), "search_api tells for each call"),
    "read_output": "reads what is kept on this machine",
}


def on(permissions: Permissions, path: str) -> set[str]:
    """The privileges on a path: its own entry, or what the nearest one above passes down."""
    if path in permissions:
        return set(permissions[path])
    above = path
    while above != "/":
        above = above.rpartition("/")[0] or "/"
        if above in permissions:
            return {privilege for privilege, passed_down in permissions[above].items() if passed_down}
    return set()


def verdicts(permissions: Permissions) -> dict[str, tuple[str, str]]:
    """By tool: where it works, and what it lacks elsewhere."""
    return {name: verdict(permissions, needs) for name, needs in NEEDS.items()}


def verdict(permissions: Permissions, needs: tuple[Need, ...]) -> tuple[str, str]:
    """Where a tool works, "everywhere", "some" or "nowhere", and what it lacks elsewhere."""
    lacking = [need for need in needs if not need.satisfied(on(permissions, need.root))]
    if not lacking:
        return "everywhere", ""
    partly = all(any(need.satisfied(on(permissions, path)) for path in _below(permissions, need)) for need in lacking)
    return ("some" if partly else "nowhere"), "; ".join(map(str, lacking))


def _below(permissions: Permissions, need: Need) -> list[str]:
    """Paths with rights of their own below the need's root; a pool's rights hold for its guests."""
    roots = (f"{need.root.rstrip('/')}/", "/pool/") if need.root == "/vms" else (f"{need.root.rstrip('/')}/",)
    return [path for path in permissions if path.startswith(roots) and path != "/"]
