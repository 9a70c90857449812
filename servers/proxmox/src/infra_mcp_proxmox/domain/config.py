"""A guest's configuration, as Proxmox VE writes it: options and their values."""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from infra_mcp_common.errors import InvalidInput, Refused

Config = Mapping[str, object]
Option = str | int | bool
_DISK = re.compile(r"(?:scsi|sata|virtio|ide|mp|unused)\d+|rootfs|efidisk0|tpmstate0")
# What protects a guest; changing it would open the way to all that is refused.
GUARDING = frozenset({"tags", "protection"})
_NOT_OPTIONS = {"vmid", "node", "digest", "delete", "revert", "force", "skiplock", "lock", "background_delay"}


def disks_of(config: Config) -> dict[str, str]:
    """The disks by their key, CD drives left out."""
    return {
        key: str(value) for key, value in config.items() if _DISK.fullmatch(key) and "media=cdrom" not in str(value)
    }


def check_change(changed: set[str], removed: list[str]) -> None:
    """Refuse what is no option, and what would destroy data under the name of a change."""
    names = changed | {*removed}
    if not names:
        raise InvalidInput("Neither set nor remove names an option.", "Name at least one.")
    if bad := sorted(name for name in names if name in _NOT_OPTIONS or not re.fullmatch(r"[A-Za-z][\w-]*", name)):
        raise InvalidInput(f"{', '.join(bad)}: no option of a guest.", "get_vm and get_container show the options.")
    if lost := [name for name in removed if name.startswith("unused")]:
        raise Refused(
            f"Removing {', '.join(lost)} would destroy that disk's data.",
            "Have a person do it in the web interface; this tool only changes settings.",
        )


def encoded(options: Mapping[str, Option]) -> dict[str, Option]:
    """Options as the API wants them: one, sshkeys, URL-encoded inside the encoding of the whole request."""
    keys = {"sshkeys": quote(unquote(str(options["sshkeys"])), safe="")} if "sshkeys" in options else {}
    return {**options, **keys}


def new_vm(
    name: str, storage: str, *, cores: int, memory: int, disk_gib: int, bridge: str, iso: str | None
) -> dict[str, Option | None]:
    """The configuration of a VM with one disk and one network interface."""
    return {
        "name": name,
        "cores": cores,
        "memory": memory,
        "ostype": "l26",
        "scsihw": "virtio-scsi-single",
        "scsi0": f"{storage}:{disk_gib}",
        "net0": f"virtio,bridge={bridge}",
        "ide2": f"{iso},media=cdrom" if iso else None,
        "boot": "order=scsi0;ide2" if iso else None,
        "agent": "1",
    }


def new_container(
    name: str, storage: str, *, cores: int, memory: int, disk_gib: int, net0: str, shell_console: bool
) -> dict[str, Option | None]:
    """The configuration of an unprivileged container."""
    return {
        "hostname": name,
        "rootfs": f"{storage}:{disk_gib}",
        "cores": cores,
        "memory": memory,
        "net0": net0,
        "unprivileged": True,
        "cmode": "shell" if shell_console else None,
    }


def container_interface(bridge: str, ip: str, gateway: str | None) -> str:
    """The net0 of a container. ip: dhcp, manual, or address/prefix."""
    return f"name=eth0,bridge={bridge},ip={ip}" + (f",gw={gateway}" if gateway else "")
