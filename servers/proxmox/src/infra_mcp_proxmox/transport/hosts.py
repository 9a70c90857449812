"""Where the API is: every way in which people write a host."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from infra_mcp_common.errors import NotConfigured
from infra_mcp_proxmox import settings

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Host:
    """A node's API server."""

    name: str
    port: int

    @property
    def authority(self) -> str:
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.authority}"


def parse(text: str, default_port: str) -> tuple[Host, ...]:
    """The hosts of PROXMOX_HOST, in order: `pve`, `pve:8006`, `https://pve:8006/api2/json`, `[2001:db8::1]:8006`."""
    port = _port(default_port)
    found = tuple(_one(part.strip(), port) for part in text.split(",") if part.strip())
    if not found:
        raise _wrong("it names no host")
    return found


def _one(text: str, default_port: int) -> Host:
    if _is_ipv6(text):
        return Host(text, default_port)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port, name = parts.port, parts.hostname or ""
    except ValueError:
        raise _wrong("an address or port in it can't be read") from None
    if parts.scheme != "https":
        raise _wrong("it must be https: a token must not travel in clear")
    if parts.username or not (_NAME.fullmatch(name) or _is_ipv6(name)):
        raise _wrong("a host in it is no name and no address")
    return Host(name, port or default_port)


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    name = settings.PORT.name
    raise NotConfigured(f"{name} must be a port number.", "Correct or remove it.", setting=name)


def _wrong(why: str) -> NotConfigured:
    return NotConfigured(
        f"PROXMOX_HOST can't be used: {why}.",
        "Write it as pve.example.org, pve:8006, https://pve:8006 or [2001:db8::1]:8006; several by commas.",
        setting=settings.HOST.name,
    )
