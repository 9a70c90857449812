"""Which guests a documented call is about, however it names them."""

import re
from collections.abc import Iterator
from typing import Any

from infra_mcp_proxmox.api import Row
from infra_mcp_proxmox.documentation import Endpoint

# pve-vmid, pve-vmid-list, pve-replication-job-id (100-0), pve-ha-resource-id (vm:100), ...
_FORMAT = re.compile(r"pve-(?:vmid|replication-job-id|ha-resource)")
_ID = re.compile(r"(?:[a-z]+:)?(\d+)")
# The owner in the name of a disk or a backup, or in one that HA or a backup server gives.
_OWNER = re.compile(r"(?:\b(?:vm|base|subvol|basevol|vzdump-(?:qemu|lxc|openvz))-|\b(?:vm|ct)[:/])(\d+)\b")
# Without a list of guests, it is about all that are there; and so is what a node goes down by.
_SWEEPING = re.compile(r"/nodes/\{node\}/(?:\w+all|status)|/cluster/bulk-action/guest/\w+")
_SPARED = {"exclude", "newid"}
_PROSE = {"comment", "description", "notes", "notes-template"}


def named_guests(call: Endpoint, values: dict[str, Any]) -> set[str]:
    """The ids of the guests in the path and the parameters of a call."""
    return {
        found
        for name, value in values.items()
        if name not in _PROSE
        for item in (value if isinstance(value, list) else [value])
        for found in _named(call.rule(name) or {}, str(item), listed=name not in _SPARED)
    }


def sweeps(call: Endpoint, values: dict[str, Any]) -> bool:
    """Whether a call is about every guest, of its node or of the cluster, without naming one."""
    return call.method == "POST" and _SWEEPING.fullmatch(call.path) is not None and not values.get("vms")


def _named(rule: Row, text: str, *, listed: bool) -> Iterator[str]:
    yield from _OWNER.findall(text)
    if listed and _FORMAT.match(_format(rule) or _format(rule.get("items") or {})):
        yield from (found[1] for part in re.split(r"[\s,;]+", text) if (found := _ID.match(part)))


def _format(rule: Row) -> str:
    return str(rule.get("format", ""))
