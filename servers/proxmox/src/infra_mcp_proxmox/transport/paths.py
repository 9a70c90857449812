"""URL paths of the API, each name in them a segment of its own."""

import re

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.io.http import path as quoted
from infra_mcp_proxmox.domain.guest import GuestRef

_NAME = re.compile(r"[^/\\\s%?#]+")


def path(*segments: str | int) -> str:
    """A path of these names. The server decodes it before it splits it, so quoting alone would not keep names apart."""
    for segment in segments:
        if not _NAME.fullmatch(str(segment)):
            raise InvalidInput("A name in the call holds characters that no name has.", "Use it as a list shows it.")
    return quoted(*segments)


def guest_path(guest: GuestRef, *rest: str) -> str:
    return path("nodes", guest.node, guest.type, guest.vmid, *rest)
