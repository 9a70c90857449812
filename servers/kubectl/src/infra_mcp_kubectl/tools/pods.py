"""Pods: their logs, and commands inside of them."""

import re
from typing import Annotated, Any

import anyio
from pydantic import Field

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import ExecResult, LogPart, Logs
from infra_mcp_kubectl.domain import logs as reading
from infra_mcp_kubectl.tools.parameters import NAME, Clusters, Container, ContextName, Namespace, PodName, Selector
from infra_mcp_kubectl.transport.failures import failure
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Done, Query

_AT_ONCE = 4
_ENDED = re.compile(r"^command terminated with exit code (\d+)\n?\Z", re.MULTILINE)


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
    kubectl = clusters.use(context, seconds=75)
    where = kubectl.namespace(namespace)
    found = await _pods(kubectl, where, pod, workload, selector)
    places = [place for item in found for place in reading.containers(item, container, every=all_containers)]
    if not places:
        raise NotFound(f"No pod has a container {container}.", "Leave container out to see the main ones.")
    flags = [f"--tail={tail}", "--limit-bytes=5000000", *([f"--since={since}"] if since else [])]
    flags += ["--previous"] if previous else []
    parts = await _read_all(kubectl, where, places[:max_containers], flags, grep)
    rest = [f"{name}/{of}" for name, of in places[max_containers:]]
    return Logs(context=kubectl.context.name, namespace=where, logs=parts, not_shown=rest[:50] or None)


async def _pods(
    kubectl: Kubectl, where: str, pod: str | None, workload: str | None, selector: str | None
) -> list[dict[str, Any]]:
    if sum(value is not None for value in (pod, workload, selector)) != 1:
        raise InvalidInput("Exactly one of pod, workload and selector is needed.", "Name a pod, or deployment/<name>.")
    if pod:
        return await kubectl.objects(Query("pods", where, (pod,)))
    if workload:
        kind, _, name = workload.partition("/")
        owner = (await kubectl.objects(Query(kind, where, (name,))))[0]
        selector = reading.selector_of(owner)
    found = await kubectl.objects(Query("pods", where, selector=selector or ""))
    if not found:
        raise NotFound(f"No pod in namespace {where} matches {selector}.", "See what is there with get, kind: pods.")
    return reading.troubled_first(found)


async def _read_all(
    kubectl: Kubectl,
    where: str,
    places: list[tuple[str, str]],
    flags: list[str],
    grep: str | None,
) -> list[LogPart]:
    parts: dict[int, LogPart] = {}
    limit = anyio.CapacityLimiter(_AT_ONCE)

    async def read(index: int, pod: str, container: str) -> None:
        async with limit:
            done = await kubectl.logs(pod, container, where, flags)
        parts[index] = reading.part(pod, container, done, grep, room=reading.ROOM // len(places))

    async with anyio.create_task_group() as group:
        for index, (pod, container) in enumerate(places):
            group.start_soon(read, index, pod, container)
    return [parts[index] for index in range(len(places))]


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
    kubectl = clusters.use(context, seconds=0, waiting=timeout)
    where = kubectl.namespace(namespace)
    done = await kubectl.exec(pod, container, where, command, timeout)
    status = _status(done)
    stderr = done.errors.output()
    stderr.text = _ENDED.sub("", stderr.text) if status else stderr.text
    return ExecResult(
        context=kubectl.context.name,
        namespace=where,
        pod=pod,
        exit_status=status,
        timed_out=done.timed_out,
        stdout=done.stdout.output(),
        stderr=stderr,
    )


def _status(done: Done) -> int | None:
    """The command's exit status, None where it was cut off. kubectl's own failure, which looks alike, is raised."""
    if done.timed_out or done.status == 0:
        return None if done.timed_out else 0
    ended = _ENDED.search(done.stderr)
    if ended is None or int(ended[1]) != done.status:
        raise failure("exec", done.stderr)
    return done.status
