"""Which guests a call is about, however it names them: by their ids, or by disks and backups of theirs."""

import re
from collections.abc import Mapping

from infra_mcp_proxmox.domain.api_schema import Endpoint, Rule

# pve-vmid, pve-vmid-list, pve-replication-job-id (100-0), pve-ha-resource-id (vm:100), ...
_FORMAT = re.compile(r"pve-(?:vmid|replication-job-id|ha-resource)")
_ID = re.compile(r"(?:[a-z]+:)?(\d+)")
# The owner of a volume: local-lvm:vm-100-disk-0, local:backup/vzdump-qemu-100-..., pbs:backup/vm/100/...
_OWNER = re.compile(r"[:/](?:(?:vm|base|subvol|basevol|vzdump-(?:qemu|lxc|openvz))-|(?:vm|ct)/)(\d+)\b")
# Without a list of guests, it is about all that are there; and so is what a node goes down by.
_SWEEPING = re.compile(r"/nodes/\{node\}/(?:\w+all|status)|/cluster/bulk-action/guest/\w+")
_SPARED = {"exclude", "newid"}
_PROSE = {"comment", "description", "notes", "notes-template"}


def named_guests(call: Endpoint, values: Mapping[str, object]) -> set[str]:
    """The ids of the guests in the path and the parameters of a call."""
    listed = {
        found[1]
        for name, value in values.items()
        if name not in _SPARED and _FORMAT.match(_format(call.rule(name) or Rule()))
        for item in (value if isinstance(value, list) else [value])
        for part in re.split(r"[\s,;]+", str(item))
        if (found := _ID.match(part))
    }
    return listed | owners(values)


def owners(values: Mapping[str, object]) -> set[str]:
    """The ids of the guests whose disks or backups these options name."""
    # Only here a volume may stand without its storage.
    texts = [f":{value}" if name == "volume" else str(value) for name, value in values.items() if name not in _PROSE]
    return {found for text in texts for found in _OWNER.findall(text)}


def sweeps(call: Endpoint, values: Mapping[str, object]) -> bool:
    """Whether a call is about every guest, of its node or of the cluster, without naming one."""
    return call.method == "POST" and _SWEEPING.fullmatch(call.path) is not None and not values.get("vms")


def _format(rule: Rule) -> str:
    return str(rule.get("format") or rule.get("items", Rule()).get("format", ""))
