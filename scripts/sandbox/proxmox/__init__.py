"""A stateful Proxmox VE on loopback: see `fake`."""

from sandbox.proxmox.clock import ManualClock
from sandbox.proxmox.fake import FakeProxmox
from sandbox.proxmox.recording import Raw

__all__ = ["FakeProxmox", "ManualClock", "Raw"]
