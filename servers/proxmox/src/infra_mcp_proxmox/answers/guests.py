"""VMs and containers. Sizes are bytes, times are seconds."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_proxmox.domain.addresses import Addresses
from infra_mcp_proxmox.domain.config import Config
from infra_mcp_proxmox.domain.guest import Guest as DomainGuest
from infra_mcp_proxmox.domain.guest import GuestStatus, GuestType
from infra_mcp_proxmox.domain.metrics import Metrics as DomainMetrics
from infra_mcp_proxmox.domain.resources import ClusterResources


class Guest(Result):
    """A VM (qemu) or container (lxc)."""

    vmid: int
    name: str | None = Field(default=None, description="Absent while its node is offline")
    type: GuestType
    node: str
    status: str = Field(description="running, stopped, or unknown where its node is offline")
    template: bool | None = Field(default=None, description="True for a template")
    cpu_percent: float | None = Field(default=None, description="Of its own CPUs")
    cpus: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    disk_total: int | None = None
    uptime_seconds: int | None = None
    tags: list[str] | None = None
    pool: str | None = None
    lock: str | None = Field(default=None, description="What holds it: backup, snapshot, migrate, ...")
    ips: list[str] | None = Field(default=None, description="Only where asked for; the one on net0 first")

    @classmethod
    def of(cls, guest: DomainGuest, addresses: Addresses | None = None) -> "Guest":
        return cls(**_listed(guest, addresses))


class GuestList(Page):
    guests: list[Guest]
    offline_nodes: list[str] = Field(description="Nodes that do not answer; their guests have status unknown")
    note: str | None = None

    @classmethod
    def of(
        cls, resources: ClusterResources, guests: Iterable[DomainGuest], found: Mapping[int, Addresses], where: Page
    ) -> "GuestList":
        """The guests of one page, with the addresses that were found."""
        return cls(
            **where.model_dump(),
            guests=[Guest.of(guest, found.get(guest.vmid)) for guest in guests],
            offline_nodes=resources.offline_nodes,
            note=None
            if resources.guests
            else "An empty list mostly means missing rights (VM.Audit); whoami shows them.",
        )


class GuestDetail(Guest):
    """One guest with its configuration."""

    config: dict[str, object] = Field(description="As Proxmox VE writes it")
    digest: str = Field(description="Changes with every change of the configuration")
    paused: bool | None = None
    ip_source: str | None = Field(default=None, description="agent, interfaces, config or cloud-init")

    @classmethod
    def of_now(cls, guest: DomainGuest, config: Config, status: GuestStatus, addresses: Addresses) -> "GuestDetail":
        """The listing lags some seconds behind, so state and usage come from the guest itself."""
        fresh = {
            "status": status.status or guest.status,
            "cpu_percent": status.cpu_percent,
            "memory_used": status.memory_used,
            "uptime_seconds": status.uptime_seconds,
            "lock": status.lock,
        }
        return cls(
            **_listed(guest, addresses) | fresh,
            config={option: value for option, value in config.items() if option != "digest"},
            digest=str(config.get("digest", "")),
            paused=status.paused or None,
            ip_source=addresses.source,
        )


class Metrics(Result):
    """Measurements in equal steps; a step without a value was not measured."""

    vmid: int
    timeframe: str
    step_seconds: int
    average: dict[str, float]
    highest: dict[str, float]
    points: list[dict[str, float | int]] = Field(description="time (epoch) and the metrics asked for")

    @classmethod
    def of(cls, guest: DomainGuest, timeframe: str, metrics: DomainMetrics) -> "Metrics":
        return cls(vmid=guest.vmid, timeframe=timeframe, **asdict(metrics))


def _listed(guest: DomainGuest, addresses: Addresses | None) -> dict[str, Any]:
    """The fields that every answer about a guest has; what is empty is left out."""
    known = vars(guest) | {"tags": list(guest.tags) or None, "template": guest.template or None}
    return {**known, "ips": list(addresses.ips) or None if addresses else None}
