"""What stands before anything that can't be undone: the operator's list, and a preview bound to what it showed."""

from typing import Any

from infra_mcp_common.errors import Conflict, NotConfigured, Refused
from infra_mcp_common.gate import Preview
from infra_mcp_proxmox import inventory, settings
from infra_mcp_proxmox.api import Api, Row
from infra_mcp_proxmox.disks import disks_of
from infra_mcp_proxmox.models import Guest
from infra_mcp_proxmox.settings import SETTINGS


def check_protected(guest: Guest) -> None:
    """Refuse a guest that PROXMOX_PROTECTED names by id, tag or pool."""
    for rule in filter(None, (part.strip() for part in SETTINGS.get(settings.PROTECTED).split(","))):
        if _names(rule, guest):
            raise Refused(
                f"{guest.vmid} is protected by the operator's PROXMOX_PROTECTED ({rule}).",
                "Only the operator can change that setting.",
            )


def _names(rule: str, guest: Guest) -> bool:
    kind, colon, value = rule.partition(":")
    if not colon and rule.isdigit():
        return int(rule) == guest.vmid
    if kind == "tag" and value:
        return value in (guest.tags or [])
    if kind == "pool" and value:
        return value == guest.pool
    raise NotConfigured(
        f"PROXMOX_PROTECTED holds {rule!r}, which names no guest, so nothing is deleted.",
        "Write ids, tag:NAME or pool:NAME, separated by commas.",
        setting=settings.PROTECTED.name,
    )


async def take(api: Api, wanted: int | str, digest: str | None) -> tuple[Guest, Row]:
    """The guest and its configuration, if nobody protects it and it still is what the preview showed."""
    guest = await inventory.find(api, wanted)
    check_protected(guest)
    config = await api.config(inventory.ref(guest))
    if digest is not None and digest != config.get("digest"):
        raise Conflict(
            f"The configuration of {guest.vmid} has changed since the preview, so nothing was done.",
            "Call again without confirmed, look at the new preview, then decide.",
            digest=config.get("digest"),
        )
    return guest, config


def refuse_if_flagged(guest: Guest, config: Row) -> None:
    """The guest's own protection flag forbids removal; say so before anything is sent."""
    if str(config.get("protection", "0")) == "1":
        raise Conflict(
            f"{guest.vmid} ({guest.name}) has its protection flag set.",
            "Only if its owner agrees: update_guest_config with protection 0, then try again.",
        )


async def preview(api: Api, wanted: int | str, would: str, **more: Any) -> Preview:
    """What is there now and would be touched; `would` may name the guest as {guest}."""
    guest, config = await take(api, wanted, None)
    rows = await api.snapshots(inventory.ref(guest))
    named = f"{'container' if guest.type == 'lxc' else 'VM'} {guest.vmid} ({guest.name}) on {guest.node}"
    now = {
        "name": guest.name,
        "node": guest.node,
        "status": guest.status,
        "disks": disks_of(config),
        "snapshots": [row["name"] for row in rows if row.get("name") != "current"],
        "protection": str(config.get("protection", "0")) == "1",
    }
    return Preview(
        would=would.replace("{guest}", named),
        now=now | more,
        confirm_with={"confirmed": True, "digest": config["digest"]},
    )
