"""Which IP addresses a guest has: its agent, its interfaces, its configuration, its cloud-init, in that order."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.api import Api, Row
from infra_mcp_proxmox.refs import GuestRef

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
    """The addresses, the global IPv4 on net0 first. `config` tells which interface is net0, and is the fallback."""
    live = await _live(api, guest, config) if running else []
    mac = _mac(str((config or {}).get("net0", "")))
    if ips := ordered(live, mac):
        return Found(ips, "agent" if guest.type == "qemu" else "interfaces")
    pattern, source = ("net", "config") if guest.type == "lxc" else ("ipconfig", "cloud-init")
    ips = list(_static(config or {}, pattern))
    return Found(ips, source if ips else None)


async def _live(api: Api, guest: GuestRef, config: Row | None) -> list[Interface]:
    """What the guest itself reports; nothing where it can't be asked."""
    if guest.type == "qemu" and config is not None and not str(config.get("agent", "0")).startswith(("1", "enabled=1")):
        return []
    try:
        if guest.type == "qemu":
            return list(map(_from_agent, await api.agent_interfaces(guest)))
        return list(map(_from_container, await api.container_interfaces(guest)))
    except InfraError:
        return []


def ordered(interfaces: Iterable[Interface], mac: str | None) -> list[str]:
    """Useful addresses: the interface with this MAC first, global IPv4 before the rest; loopback and such left out."""
    ranked = [
        (interface.mac.lower() != mac, rank, ip)
        for interface in interfaces
        if not _INNER.match(interface.name)
        for ip in interface.ips
        if (rank := _rank(ip)) is not None
    ]
    return [ip for _, _, ip in sorted(ranked, key=lambda each: each[:2])]


def _rank(text: str) -> int | None:
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if ip.is_loopback or ip.is_link_local or ip.is_unspecified:
        return None
    return 0 if ip.version == 4 else 1


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
            if _rank(ip) is not None:
                yield ip
