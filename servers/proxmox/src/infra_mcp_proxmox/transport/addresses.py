"""Which IP addresses a guest has: its agent, its interfaces, its configuration, its cloud-init, in that order."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.domain.guest import GuestRef
from infra_mcp_proxmox.transport.api import Api, Row

# Bridges and pairs that software inside the guest makes for itself.
_INNER = re.compile(r"lo\d*$|docker|br-|veth|virbr|cni|flannel|cali|tailscale|wg\d|vnet|podman")


class Found(NamedTuple):
    ips: list[str]
    source: str | None


class Interface(NamedTuple):
    name: str
    mac: str
    ips: list[str]


async def of(api: Api, guest: GuestRef, config: Row | None, *, running: bool) -> Found:
    """The addresses, those of net0 first and IPv4 before IPv6.

    config: asked for where it is not given and needed: to tell which interface is net0, or as the fallback.
    """
    live = [each for each in await _live(api, guest, config) if each.ips] if running else []
    if config is None and len(live) != 1:
        config = await _config(api, guest)
    if ips := ordered(live, _mac(str((config or {}).get("net0", "")))):
        return Found(ips, "agent" if guest.type == "qemu" else "interfaces")
    pattern, source = ("net", "config") if guest.type == "lxc" else ("ipconfig", "cloud-init")
    ips = list(_static(config or {}, pattern))
    return Found(ips, source if ips else None)


async def _config(api: Api, guest: GuestRef) -> Row:
    """The configuration; nothing where it can't be had."""
    try:
        return await api.config(guest)
    except InfraError:
        return {}


async def _live(api: Api, guest: GuestRef, config: Row | None) -> list[Interface]:
    """What the guest itself reports; nothing where it can't be asked."""
    if guest.type == "qemu" and config is not None and not str(config.get("agent", "0")).startswith(("1", "enabled=1")):
        return []
    try:
        if guest.type == "qemu":
            found = list(map(_from_agent, await api.agent_interfaces(guest)))
        else:
            found = list(map(_from_container, await api.container_interfaces(guest)))
    except InfraError:
        return []
    return [interface._replace(ips=list(filter(_is_global, interface.ips))) for interface in _outer(found)]


def _outer(interfaces: Iterable[Interface]) -> Iterator[Interface]:
    return (interface for interface in interfaces if not _INNER.match(interface.name))


def ordered(interfaces: Iterable[Interface], mac: str | None) -> list[str]:
    """The addresses: the interface with this MAC first, IPv4 before the rest."""
    ranked = [
        (interface.mac.lower() != mac, ipaddress.ip_address(ip).version, ip)
        for interface in interfaces
        for ip in interface.ips
    ]
    return [ip for _, _, ip in sorted(ranked, key=lambda each: each[:2])]


def _is_global(text: str) -> bool:
    """Whether others can reach a guest by it."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)


def _from_agent(row: Row) -> Interface:
    ips = [str(each.get("ip-address", "")) for each in row.get("ip-addresses") or []]
    return Interface(str(row.get("name", "")), str(row.get("hardware-address", "")), ips)


def _from_container(row: Row) -> Interface:
    """Newer servers list all addresses, older ones name at most one of each kind."""
    listed = [str(each.get("ip-address", "")) for each in row.get("ip-addresses") or []]
    named = [str(row[key]).partition("/")[0] for key in ("inet", "inet6") if row.get(key)]
    mac = row.get("hardware-address") or row.get("hwaddr") or ""
    return Interface(str(row.get("name", "")), str(mac), listed or named)


def _mac(net: str) -> str | None:
    found = re.search(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", net, re.IGNORECASE)
    return found[0].lower() if found else None


def _static(config: Row, prefix: str) -> Iterator[str]:
    """Addresses written down as ip= and ip6=, net0's first."""
    keys = sorted(
        (key for key in config if re.fullmatch(rf"{prefix}\d+", key)), key=lambda key: int(key[len(prefix) :])
    )
    for key in keys:
        for _, text in re.findall(r"\b(ip6?)=([^,]+)", str(config[key])):
            ip = text.partition("/")[0]
            if _is_global(ip):
                yield ip
