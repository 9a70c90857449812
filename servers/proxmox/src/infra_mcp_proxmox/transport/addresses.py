"""Which IP addresses a guest has: its agent, its interfaces, its configuration, its cloud-init, in that order."""

from collections.abc import Iterable
from typing import TypedDict

import anyio

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.domain.addresses import Addresses, Interface, configured, ordered, usable
from infra_mcp_proxmox.domain.config import Config
from infra_mcp_proxmox.domain.guest import Guest, GuestRef
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.guests import Guests
from infra_mcp_proxmox.transport.paths import guest_path

_AT_ONCE = 8
_IpRow = TypedDict("_IpRow", {"ip-address": str}, total=False)
_InterfaceRow = TypedDict(
    "_InterfaceRow",
    {
        "name": str,
        "hardware-address": str,
        "hwaddr": str,
        "ip-addresses": list[_IpRow],
        "inet": str,
        "inet6": str,
    },
    total=False,
)


class GuestAddresses:
    def __init__(self, client: Client, guests: Guests) -> None:
        self._client, self._guests = client, guests

    async def of(self, guest: GuestRef, config: Config | None = None, *, running: bool) -> Addresses:
        """The addresses, those of net0 first and IPv4 before IPv6.

        config: asked for where it is not given and needed: to tell which interface is net0, or as the fallback.
        """
        live = usable(await self._reported(guest, config)) if running else []
        if config is None and len(live) != 1:
            config = await self._config(guest)
        if ips := ordered(live, config or {}):
            return Addresses(ips, "agent" if guest.type == "qemu" else "interfaces")
        return configured(guest.type, config or {})

    async def of_running(self, guests: Iterable[Guest]) -> dict[int, Addresses]:
        """By vmid, for those that run, asked a few at a time; one that can't be asked has none."""
        places, found = anyio.Semaphore(_AT_ONCE), dict[int, Addresses]()

        async def ask(guest: Guest) -> None:
            async with places:
                found[guest.vmid] = await self.of(guest, running=True)

        async with anyio.create_task_group() as group:
            for guest in guests:
                if guest.running:
                    group.start_soon(ask, guest)
        return found

    async def _config(self, guest: GuestRef) -> Config:
        """The configuration; nothing where it can't be had."""
        try:
            return await self._guests.config(guest)
        except InfraError:
            return {}

    async def _reported(self, guest: GuestRef, config: Config | None) -> list[Interface]:
        """What the guest itself reports; nothing where it can't be asked."""
        if guest.type == "qemu" and config is not None and not _has_agent(config):
            return []
        try:
            return await (self._from_agent(guest) if guest.type == "qemu" else self._from_container(guest))
        except InfraError:
            return []

    async def _from_agent(self, guest: GuestRef) -> list[Interface]:
        answer = await self._client.row(guest_path(guest, "agent", "network-get-interfaces"), timeout=10)
        rows: list[_InterfaceRow] = list(answer.get("result") or [])
        return [Interface(row.get("name", ""), row.get("hardware-address", ""), _listed(row)) for row in rows]

    async def _from_container(self, guest: GuestRef) -> list[Interface]:
        rows: list[_InterfaceRow] = await self._client.rows(guest_path(guest, "interfaces"), timeout=10)
        return [_container_interface(row) for row in rows]


def _has_agent(config: Config) -> bool:
    return str(config.get("agent", "0")).startswith(("1", "enabled=1"))


def _container_interface(row: _InterfaceRow) -> Interface:
    """Newer servers list all addresses, older ones name at most one of each kind."""
    named = tuple(value.partition("/")[0] for value in (row.get("inet"), row.get("inet6")) if value)
    mac = row.get("hardware-address") or row.get("hwaddr") or ""
    return Interface(row.get("name", ""), mac, _listed(row) or named)


def _listed(row: _InterfaceRow) -> tuple[str, ...]:
    return tuple(each.get("ip-address", "") for each in row.get("ip-addresses") or [])
