"""What stands before anything that can't be undone: the operator's list, and a preview bound to what it showed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra_mcp_common.errors import Conflict, InvalidInput, NotConfigured, Refused
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_proxmox import settings
from infra_mcp_proxmox.answers.guests import Guest
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.affected_guests import owners
from infra_mcp_proxmox.domain.disks import disks_of
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.domain.resources import Inventory
from infra_mcp_proxmox.transport.api import Api, Row


@dataclass(frozen=True)
class Sight:
    """A guest as it is before something is done to it. It prints as its kind, id, name and node."""

    guest: Guest
    config: Row
    snapshots: list[Row]
    running: bool

    def __str__(self) -> str:
        return f"{self.ref.label} ({self.guest.name}) on {self.guest.node}"

    @property
    def ref(self) -> GuestRef:
        return inventory.ref(self.guest)

    @property
    def flagged(self) -> bool:
        """Whether its own protection flag is set."""
        return str(self.config.get("protection", "0")) == "1"

    @property
    def now(self) -> dict[str, Any]:
        """What a preview shows of it."""
        return {
            "name": self.guest.name,
            "node": self.guest.node,
            "status": "running" if self.running else "stopped",
            "disks": disks_of(self.config),
            "snapshots": [row["name"] for row in self.snapshots],
            "protection": self.flagged,
        }

    def preview(self, would: str, **more: Any) -> Preview:
        """What `would` happen to it, bound to its configuration."""
        return preview(would, self.now | more, self.config.get("digest"))

    def refuse_if_flagged(self) -> None:
        """The guest's own protection flag forbids removal; say so before anything is sent."""
        if self.flagged:
            raise Conflict(
                f"{self.guest.vmid} ({self.guest.name}) has its protection flag set.",
                "Only if its owner agrees: update_guest_config with protection 0, then try again.",
            )


async def look(api: Api, wanted: int | str) -> Sight:
    """The guest that is meant, if nobody protects it."""
    return await sight(api, await inventory.find(api, wanted))


async def sight(api: Api, guest: Guest) -> Sight:
    """A guest that the listing showed, if nobody protects it. Whether it runs is asked anew: the listing lags."""
    check_protected(guest)
    ref = inventory.ref(guest)
    config, rows = await api.config(ref), await api.snapshots(ref)
    current = next((row for row in rows if row.get("name") == "current"), {})
    return Sight(guest, config, [row for row in rows if row is not current], bool(current.get("running")))


def preview(would: str, now: Any, *beyond: Any, **also: Any) -> Preview:
    """A preview with the digest of all it says, and of what it stands for `beyond` that.

    also: further arguments that the confirmed call needs.
    """
    said = json.dumps([would, now, beyond], sort_keys=True, default=str)
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    return Preview(would=would, now=now, confirm_with={"confirmed": True, **also, "digest": digest})


def check(shown: Preview, digest: str | None) -> None:
    """Let a confirmed call pass only with the digest of what a preview would show now."""
    if digest is None:
        raise InvalidInput(
            "confirmed needs the digest of a preview beside it, so nothing was done.",
            "Call without confirmed first, look at the preview, then add its digest.",
            argument="digest",
        )
    if digest != shown.confirm_with["digest"]:
        raise Conflict(
            "This digest is not of what is asked and there now: something has changed since the preview, or it was "
            "of another call. Nothing was done.",
            "Call again without confirmed, look at the new preview, then decide.",
        )


def check_protected(guest: Guest) -> None:
    """Refuse a guest that PROXMOX_PROTECTED names by id, tag or pool."""
    for rule in filter(None, (part.strip() for part in current().settings.get(settings.PROTECTED).split(","))):
        if _names(rule, guest):
            raise Refused(
                f"{guest.vmid} is protected by the operator's PROXMOX_PROTECTED ({rule}).",
                "Only the operator can change that setting.",
            )


def check_owners(seen: Inventory, options: Mapping[str, Any], own: int) -> None:
    """Refuse options that would give a guest the disks of another one that is out of reach or protected."""
    for guest in inventory.aim_all(seen, owners(options) - {str(own)}):
        check_protected(guest)


def _names(rule: str, guest: Guest) -> bool:
    kind, colon, value = rule.partition(":")
    if not colon and rule.isdecimal():
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
