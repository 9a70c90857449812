"""The words of Proxmox VE's refusals and failed tasks, and what each means here."""

from infra_mcp_common.errors import Conflict, Denied, InfraError, NotFound

# (what is in the message, the error, its problem, its next step); the first that fits holds.
KNOWN: list[tuple[str, type[InfraError], str, str]] = [
    (
        r"onfiguration file '.*' does not exist",
        NotFound,
        "There is no such guest on that node (any more).",
        "It may have moved or been deleted: look with list_guests.",
    ),
    (
        r"No QEMU guest agent configured",
        Conflict,
        "The VM has no guest agent configured.",
        "Set agent to 1 with update_guest_config, install qemu-guest-agent in the VM, and restart it.",
    ),
    (
        r"guest agent is not running",
        Conflict,
        "The VM's guest agent does not answer.",
        "Install or start qemu-guest-agent inside the VM, or wait until it has booted.",
    ),
    (
        r"already running|not running",
        Conflict,
        "The guest is not in the state this needs.",
        "Look at its status with get_vm or get_container; there may be nothing left to do.",
    ),
    (
        r"is running|container is running",
        Conflict,
        "The guest is running, and this needs it stopped.",
        "Stop it first with shutdown_guest or stop_vm / stop_container.",
    ),
    (
        r"is locked \(([^)]*)\)|can't lock file|got lock timeout|got timeout",
        Conflict,
        "The guest is locked by another operation.",
        "See list_tasks for what is running and wait for it. A lock left behind by a crash is removed on the node by "
        "qm unlock or pct unlock.",
    ),
    (
        r"protection mode enabled",
        Conflict,
        "The guest's protection flag is set, so it can't be removed or overwritten.",
        "Only if its owner agrees: update_guest_config with protection 0, then try again.",
    ),
    (
        r"no quorum",
        Conflict,
        "The cluster has no quorum, so nothing can be changed.",
        "Bring enough nodes back (get_cluster_status shows which are away).",
    ),
    (
        r"hostname lookup '([^']*)' failed|no such cluster node",
        NotFound,
        "There is no node of that name.",
        "list_nodes shows the nodes.",
    ),
    (
        r"storage '[^']*' does not exist|volume '[^']*' does not exist|snapshot '[^']*' does not exist|no such",
        NotFound,
        "Something that the call names is not there.",
        "List what there is (list_storage, list_storage_content, list_snapshots) and use its exact name.",
    ),
    (r"already exists|already used", Conflict, "That name or id is taken.", "Choose another; get_next_id gives one."),
    (
        r"detected modified configuration",
        Conflict,
        "The configuration was changed by somebody else in the meantime.",
        "Read it again, then decide anew.",
    ),
    (
        r"only root can set|only allowed for root@pam|user != root@pam",
        Denied,
        "Only root@pam itself may do that; no API token can, whatever its rights.",
        "Have an administrator do it on the node.",
    ),
]
