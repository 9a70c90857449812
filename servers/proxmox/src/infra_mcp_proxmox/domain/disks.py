"""Disks in a guest's configuration."""

import re

from infra_mcp_proxmox.transport.api import Row

_DISK = re.compile(r"(?:scsi|sata|virtio|ide|mp|unused)\d+|rootfs|efidisk0|tpmstate0")


def disks_of(config: Row) -> dict[str, str]:
    """The disks by their key, CD drives left out."""
    return {
        key: str(value) for key, value in config.items() if _DISK.fullmatch(key) and "media=cdrom" not in str(value)
    }
