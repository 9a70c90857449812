"""Reading the logs of several containers at once."""

import anyio

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_kubectl.domain.logs import Container, ContainerLog, LogOptions, selector_of, unready_first
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.transport.kubectl_reads import KubectlReads

_AT_ONCE = 4


async def select_pods(
    kubectl: KubectlReads, pod: str | None, workload: str | None, selector: str | None
) -> list[KubeObject]:
    """The pod of a name, those of a workload such as deployment/web, or those that a selector picks."""
    if sum(value is not None for value in (pod, workload, selector)) != 1:
        raise InvalidInput("Exactly one of pod, workload and selector is needed.", "Name a pod, or deployment/<name>.")
    if pod:
        return await kubectl.objects(Query("pods", (pod,)))
    if workload:
        kind, _, name = workload.partition("/")
        selector = selector_of((await kubectl.objects(Query(kind, (name,))))[0])
    found = await kubectl.objects(Query("pods", selector=selector or ""))
    if not found:
        place = f"in namespace {kubectl.scope.namespace}"
        raise NotFound(f"No pod {place} matches {selector}.", "See what is there with get, kind: pods.")
    return unready_first(found)


async def read_logs(kubectl: KubectlReads, containers: list[Container], options: LogOptions) -> list[ContainerLog]:
    """The logs of the containers, in their order."""
    found: dict[Container, ContainerLog] = {}
    limit = anyio.CapacityLimiter(_AT_ONCE)

    async def read_one(container: Container) -> None:
        async with limit:
            found[container] = await kubectl.logs(container, options)

    async with anyio.create_task_group() as group:
        for container in containers:
            group.start_soon(read_one, container)
    return [found[container] for container in containers]
