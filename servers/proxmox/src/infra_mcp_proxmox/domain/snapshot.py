"""Snapshots of guests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """time: seconds of the epoch. with_memory: a running VM's memory is in it."""

    name: str
    description: str | None
    time: float | None
    parent: str | None
    with_memory: bool


@dataclass(frozen=True)
class Snapshots:
    """A guest's snapshots; current_parent is the one that its present state came from.

    running: whether the guest runs now, which the API says beside them.
    """

    known: tuple[Snapshot, ...]
    current_parent: str | None
    running: bool
