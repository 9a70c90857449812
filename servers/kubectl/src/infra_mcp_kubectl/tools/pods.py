"""Pods: their logs, and commands inside of them."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import NotFound
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.pods import ExecResult, Logs
from infra_mcp_kubectl.domain.logs import LogOptions, containers
from infra_mcp_kubectl.tools.parameters import NAME, Clusters, Container, ContextName, Namespace, PodName, Selector
from infra_mcp_kubectl.transport.logs import read_logs, select_pods


@tool("read", timeout=90)
async def logs(
    clusters: Clusters,
    pod: Annotated[str | None, Field(pattern=NAME, description="Name of a pod")] = None,
    workload: Annotated[
        str | None,
        Field(pattern=r"^[a-z.]{1,60}/[a-z0-9][a-z0-9.-]{0,252}$", description="Its pods instead, as deployment/web"),
    ] = None,
    selector: Selector = None,
    container: Container = None,
    all_containers: Annotated[bool, Field(description="Init and side containers too")] = False,
    tail: Annotated[int, Field(ge=1, le=50_000, description="Lines to read from the end, per container")] = 100,
    since: Annotated[str | None, Field(pattern=r"^[1-9][0-9]{0,5}[smh]$", description="As 15m or 2h")] = None,
    previous: Annotated[bool, Field(description="Of the container that ran before the last restart")] = False,
    grep: Annotated[
        str | None, Field(max_length=500, description="Only lines that contain this text, whatever its case")
    ] = None,
    max_containers: Annotated[int, Field(ge=1, le=20, description="Containers to show at most")] = 5,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Logs:
    """Read logs of a pod, of a workload's pods, or of all pods that a selector picks; troubled pods first.

    With grep, raise tail: that many lines are searched, and only matches are shown.
    """
    kubectl = clusters.use(context, namespace, seconds=75)
    pods = await select_pods(kubectl, pod, workload, selector)
    chosen = [each for item in pods for each in containers(item, container, every=all_containers)]
    if not chosen:
        raise NotFound(f"No pod has a container {container}.", "Leave container out to see the main ones.")
    found = await read_logs(kubectl, chosen[:max_containers], LogOptions(tail, since, previous))
    rest = [str(each) for each in chosen[max_containers:]]
    return Logs.of(kubectl.context.name, kubectl.scope.namespace, found, grep, rest)


@tool("write", arbitrary=True)
async def exec(  # noqa: A001 -- kubectl's own word for it
    clusters: Clusters,
    pod: PodName,
    command: Annotated[
        list[str],
        Field(min_length=1, max_length=200, description="Program and arguments; no shell unless you name one"),
    ],
    container: Container = None,
    timeout: Annotated[float, Field(gt=0, le=600, description="Seconds until it is cut off")] = 30,
    namespace: Namespace = None,
    context: ContextName = None,
) -> ExecResult:
    """Run a command in a container, and return exit status, stdout and stderr apart.

    At the timeout the connection is cut; the command itself may go on running in the container.
    """
    kubectl = clusters.use(context, namespace, seconds=0, waiting=timeout)
    ended = await kubectl.exec(pod, container, command, timeout)
    return ExecResult(
        context=kubectl.context.name,
        namespace=kubectl.scope.namespace,
        pod=pod,
        exit_status=ended.exit_status,
        timed_out=ended.timed_out,
        stdout=ended.stdout,
        stderr=ended.stderr,
    )
