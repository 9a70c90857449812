"""Previews of what takes a guest, or a state of it, away for good."""

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_proxmox.answers.snapshots import Snapshot
from infra_mcp_proxmox.safety.previews import GuestState


def deletion(state: GuestState, *, purge: bool) -> Preview:
    state.refuse_if_flagged()
    jobs = ", and remove it from backup, replication and HA jobs" if purge else ""
    return state.preview(f"Delete {state} with all its disks and snapshots, for good{jobs}")


def conversion(state: GuestState) -> Preview:
    return state.preview(f"Turn {state} into a template, which can't be turned back or started")


def rollback(state: GuestState, name: str, *, start: bool) -> Preview:
    then = ", then start it" if start else ""
    would = f"Set {state} back to snapshot {name}{then}; everything since then is lost"
    return state.preview(would, snapshot=_existing(state, name))


def snapshot_deletion(state: GuestState, name: str) -> Preview:
    would = f"Delete snapshot {name} of {state}; its present state stays"
    return state.preview(would, snapshot=_existing(state, name))


def _existing(state: GuestState, name: str) -> dict[str, object]:
    known = {snapshot.name: snapshot for snapshot in state.snapshots.known}
    if name not in known:
        raise NotFound(f"{state.guest.vmid} has no snapshot {name!r}.", f"It has: {', '.join(known) or 'none'}.")
    return Snapshot.of(known[name]).model_dump()
