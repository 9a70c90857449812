"""Asking the cluster what a diagnosis needs, a few kubectl at once."""

import re
from dataclasses import replace

import anyio

from infra_mcp_common.errors import InfraError, NotFound
from infra_mcp_kubectl.domain import diagnosis
from infra_mcp_kubectl.domain.causes import Cause
from infra_mcp_kubectl.domain.diagnosis import Diagnosis, Target
from infra_mcp_kubectl.domain.logs import Container, LogOptions
from infra_mcp_kubectl.domain.namespace_state import NamespaceState
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads

_WORKLOADS = "deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,jobs.batch"
_LOGS, _LINES, _LONGEST_LINE = 3, 15, 300


async def diagnose(kubectl: KubectlReads, target: Target) -> Diagnosis:
    """Diagnose a target. Raises NotFound where it is not there."""
    state = await _state(kubectl)
    if state.is_empty:
        await _check_namespace(kubectl, target.namespace)
    found = diagnosis.diagnose(state, target)
    return replace(found, causes=await _with_logs(kubectl, found.causes))


async def _state(kubectl: KubectlReads) -> NamespaceState:
    found: dict[str, list[KubeObject]] = {}

    async def pods() -> None:
        found["pods"] = await kubectl.objects(Query("pods"))

    async def workloads() -> None:
        found["workloads"] = await kubectl.readable_objects(Query(_WORKLOADS))

    async def events() -> None:
        found["events"] = await kubectl.readable_objects(Query("events"))

    try:
        async with anyio.create_task_group() as group:
            for step in (pods, workloads, events):
                group.start_soon(step)
    except* InfraError as problems:
        raise problems.exceptions[0] from None
    return NamespaceState(**found)


async def _check_namespace(kubectl: KubectlReads, namespace: str) -> None:
    if not await kubectl.objects(Query("namespaces", (namespace,)), missing_ok=True):
        step = "get with kind namespaces lists those that do."
        raise NotFound(f"The namespace {namespace} does not exist in context {kubectl.context.name}.", step)


async def _with_logs(kubectl: KubectlReads, causes: list[Cause]) -> list[Cause]:
    """The causes, with the end of the log of the first few containers that died."""
    told = list(causes)

    async def add(position: int) -> None:
        cause = told[position]
        if named := re.fullmatch(r"pod/(\S+) container (\S+)", cause.object):
            told[position] = replace(cause, previous_log=await _last_lines(kubectl, Container(named[1], named[2])))

    died = [position for position, cause in enumerate(causes) if cause.exit_code is not None]
    async with anyio.create_task_group() as group:
        for position in died[:_LOGS]:
            group.start_soon(add, position)
    return told


async def _last_lines(kubectl: KubectlReads, container: Container) -> list[str] | None:
    """The end of the log before the last restart, or where there is none, of this one."""
    for previous in (True, False):
        try:
            log = await kubectl.logs(container, LogOptions(_LINES, previous=previous))
        except InfraError:
            return None
        if log.lines:
            return [line[:_LONGEST_LINE] for line in log.lines]
    return None
