"""Previews of what can't be undone, each bound by its digest to what it showed."""

import hashlib
import json
from dataclasses import dataclass

from infra_mcp_common.errors import Conflict, InvalidInput
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_proxmox.domain.config import Config, disks_of
from infra_mcp_proxmox.domain.guest import Guest
from infra_mcp_proxmox.domain.snapshot import Snapshots
from infra_mcp_proxmox.safety.protection import check_protected
from infra_mcp_proxmox.transport.api import Api


@dataclass(frozen=True)
class GuestState:
    """A guest as it is before something is done to it. It prints as its kind, id, name and node."""

    guest: Guest
    config: Config
    snapshots: Snapshots

    def __str__(self) -> str:
        return f"{self.guest.label} ({self.guest.name}) on {self.guest.node}"

    @property
    def flagged(self) -> bool:
        """Whether its own protection flag is set."""
        return str(self.config.get("protection", "0")) == "1"

    @property
    def now(self) -> dict[str, object]:
        """What a preview shows of it."""
        return {
            "name": self.guest.name,
            "node": self.guest.node,
            "status": "running" if self.snapshots.running else "stopped",
            "disks": disks_of(self.config),
            "snapshots": [snapshot.name for snapshot in self.snapshots.known],
            "protection": self.flagged,
        }

    def preview(self, would: str, **more: object) -> Preview:
        """What `would` happen to it, bound to its configuration."""
        return preview(would, self.now | more, self.config.get("digest"))

    def refuse_if_flagged(self) -> None:
        """The guest's own protection flag forbids removal; say so before anything is sent."""
        if self.flagged:
            raise Conflict(
                f"{self.guest.vmid} ({self.guest.name}) has its protection flag set.",
                "Only if its owner agrees: update_guest_config with protection 0, then try again.",
            )


async def find_state(api: Api, wanted: int | str) -> GuestState:
    """The state of the guest that is meant, if nobody protects it."""
    return await state_of(api, await api.guests.find(wanted))


async def state_of(api: Api, guest: Guest) -> GuestState:
    """The state of a guest that the listing showed, if nobody protects it. Whether it runs is asked for: the listing
    lags.
    """
    check_protected(guest)
    return GuestState(guest, await api.guests.config(guest), await api.snapshots.of(guest))


def preview(would: str, now: object, *beyond: object, **also: object) -> Preview:
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
