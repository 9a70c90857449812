"""IP addresses of guests: which of them others can use, and in which order."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infra_mcp_proxmox.domain.config import Config
from infra_mcp_proxmox.domain.guest import GuestType

# Bridges and pairs that software inside the guest makes for itself.
_INNER = re.compile(r"lo\d*$|docker|br-|veth|virbr|cni|flannel|cali|tailscale|wg\d|vnet|podman")
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Interface:
    """A network interface as the guest itself reports it."""

    name: str
    mac: str
    ips: tuple[str, ...]


@dataclass(frozen=True)
class Addresses:
    """A guest's addresses, those of net0 first and IPv4 before IPv6. source: who told them."""

    ips: tuple[str, ...] = ()
    source: str | None = None


def usable(interfaces: Iterable[Interface]) -> list[Interface]:
    """The interfaces by which others can reach the guest, with the addresses that they can use."""
    outer = (interface for interface in interfaces if not _INNER.match(interface.name))
    found = (Interface(each.name, each.mac, tuple(filter(_is_global, each.ips))) for each in outer)
    return [each for each in found if each.ips]


def ordered(interfaces: Iterable[Interface], config: Config) -> tuple[str, ...]:
    """The addresses: those of net0's interface first, IPv4 before the rest."""
    found = _MAC.search(str(config.get("net0", "")))
    mac = found[0].lower() if found else None
    ranked = [
        (interface.mac.lower() != mac, ipaddress.ip_address(ip).version, ip)
        for interface in interfaces
        for ip in interface.ips
    ]
    return tuple(ip for _, _, ip in sorted(ranked, key=lambda each: each[:2]))


def configured(type_: GuestType, config: Config) -> Addresses:
    """What the configuration, or a VM's cloud-init, gives the guest."""
    prefix, source = ("net", "config") if type_ == "lxc" else ("ipconfig", "cloud-init")
    ips = tuple(_static(config, prefix))
    return Addresses(ips, source if ips else None)


def _is_global(text: str) -> bool:
    """Whether others can reach a guest by it."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)


def _static(config: Config, prefix: str) -> Iterator[str]:
    """Addresses written down as ip= and ip6=, net0's first."""
    numbered = (key for key in config if re.fullmatch(rf"{prefix}\d+", key))
    for key in sorted(numbered, key=lambda key: int(key[len(prefix) :])):
        for _, text in re.findall(r"\b(ip6?)=([^,]+)", str(config[key])):
            ip = text.partition("/")[0]
            if _is_global(ip):
                yield ip
