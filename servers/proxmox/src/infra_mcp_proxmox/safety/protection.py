"""The guests that the operator protects (PROXMOX_PROTECTED), and what would get at them by another way."""

from collections.abc import Iterable, Mapping

from infra_mcp_common.errors import NotConfigured, Refused
from infra_mcp_common.runtime import current
from infra_mcp_proxmox import settings
from infra_mcp_proxmox.domain.affected_guests import owners
from infra_mcp_proxmox.domain.config import GUARDING
from infra_mcp_proxmox.domain.guest import Guest
from infra_mcp_proxmox.domain.resources import ClusterResources
from infra_mcp_proxmox.transport import targets


def check_protected(guest: Guest) -> None:
    """Refuse a guest that PROXMOX_PROTECTED names by id, tag or pool."""
    for rule in filter(None, (part.strip() for part in current().settings.get(settings.PROTECTED).split(","))):
        if _names(rule, guest):
            raise Refused(
                f"{guest.vmid} is protected by the operator's PROXMOX_PROTECTED ({rule}).",
                "Only the operator can change that setting.",
            )


def check_owners(resources: ClusterResources, options: Mapping[str, object], own: int) -> None:
    """Refuse options that would give a guest the disks of another one that is out of reach or protected."""
    for guest in targets.guests_of(resources, owners(options) - {str(own)}):
        check_protected(guest)


def check_config_change(
    resources: ClusterResources, guest: Guest, changed: Mapping[str, object], removed: Iterable[str]
) -> None:
    """Refuse a change that would take another guest's disks, or what protects this one."""
    check_owners(resources, changed, guest.vmid)
    if GUARDING & {*changed, *removed}:
        check_protected(guest)


def _names(rule: str, guest: Guest) -> bool:
    kind, colon, value = rule.partition(":")
    if not colon and rule.isdecimal():
        return int(rule) == guest.vmid
    if kind == "tag" and value:
        return value in guest.tags
    if kind == "pool" and value:
        return value == guest.pool
    raise NotConfigured(
        f"PROXMOX_PROTECTED holds {rule!r}, which names no guest, so nothing is deleted.",
        "Write ids, tag:NAME or pool:NAME, separated by commas.",
        setting=settings.PROTECTED.name,
    )
