"""A fake Proxmox VE with two guests, one of them protected."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.proxmox import FakeProxmox
from support.scenes.base import Scene


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
    with FakeProxmox() as pve:
        pve.add_guest(100, name="web")
        pve.add_guest(103, name="old-web")
        yield Scene(
            preview=("delete_guest", {"guest": "old-web"}),
            refusal=("rollback_snapshot", {"guest": "web", "name": "before", "confirmed": True}),
            reason="PROXMOX_PROTECTED",
            settings=pve.environment() | {"PROXMOX_PROTECTED": "100"},
            state=lambda: sorted(pve.cluster.guests),
        )
