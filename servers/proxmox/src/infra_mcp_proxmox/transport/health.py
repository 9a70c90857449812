"""A look at the whole cluster: three requests."""

import time
from collections.abc import Awaitable
from typing import TypeVar

from infra_mcp_common.errors import InfraError
from infra_mcp_proxmox.domain.health import Health, problems
from infra_mcp_proxmox.domain.node import ClusterStatus
from infra_mcp_proxmox.domain.task import Task
from infra_mcp_proxmox.transport.cluster import Cluster
from infra_mcp_proxmox.transport.tasks import Tasks

T = TypeVar("T")


async def look(cluster: Cluster, tasks: Tasks) -> Health:
    """What is wrong; what the token may not see is said and does not stop the rest."""
    unchecked: list[str] = []
    resources = await cluster.resources()
    status = await _try(cluster.status(), ClusterStatus(None, None, ()), "quorum", unchecked)
    recent = await _try(tasks.recent(), list[Task](), "failed tasks", unchecked)
    if not resources.guests:
        unchecked.append("guests: none is visible; the token may lack VM.Audit")
    return Health(resources, status, problems(resources, status, recent, time.time()), tuple(unchecked))


async def _try(asked: Awaitable[T], otherwise: T, what: str, unchecked: list[str]) -> T:
    try:
        return await asked
    except InfraError as error:
        unchecked.append(f"{what}: {error.problem}")
        return otherwise
