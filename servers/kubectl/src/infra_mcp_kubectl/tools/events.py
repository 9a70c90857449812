"""What happens in a cluster: events, waiting for a state, and why something is not well."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.objects import Diagnosis, Events, Waited
from infra_mcp_kubectl.domain import diagnosis as investigating
from infra_mcp_kubectl.domain import events as eventgroups
from infra_mcp_kubectl.domain import tables
from infra_mcp_kubectl.safety import masking
from infra_mcp_kubectl.tools.parameters import (
    NAME,
    AllNamespaces,
    Clusters,
    ContextName,
    KindName,
    Name,
    Namespace,
    Offset,
)
from infra_mcp_kubectl.transport.failures import complaint, failure
from infra_mcp_kubectl.transport.runner import Query


@tool("read")
async def events(
    clusters: Clusters,
    object: Annotated[  # noqa: A002 -- the API's own word for it
        str | None,
        Field(pattern=r"^[a-zA-Z]+/[A-Za-z0-9][A-Za-z0-9._:-]*$", description="Only of this one, as pod/web-1"),
    ] = None,
    type: Annotated[Literal["Warning", "Normal"] | None, Field(description="Default: both")] = None,  # noqa: A002
    since_minutes: Annotated[int | None, Field(ge=1, le=10_000, description="Only those seen this recently")] = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    limit: Annotated[int, Field(ge=1, le=500, description="How many at most")] = 40,
    offset: Offset = 0,
    context: ContextName = None,
) -> Events:
    """List events, equal ones grouped with their count; warnings first, then the newest."""
    kubectl = clusters.use(context)
    where = None if all_namespaces else kubectl.namespace(namespace)
    found = await kubectl.objects(Query("events", where, field_selector=f"type={type}" if type else ""))
    found = eventgroups.since(found, since_minutes)
    if object:
        found = [event for event in found if eventgroups.about(event) == object.lower()]
    groups = eventgroups.group(found)
    part, place = page(groups, offset, max(1, tables.fitting(groups[offset : offset + limit])))
    note = None if found else "There are no such events; a cluster forgets them after an hour or so."
    return Events(context=kubectl.context.name, namespace=where, events=part, page=place, note=note)


@tool("read", timeout=660)
async def wait(
    clusters: Clusters,
    kind: KindName,
    name: Name,
    condition: Annotated[
        str,
        Field(
            pattern=r"^(delete|create|condition=[A-Za-z]{1,60}(=[A-Za-z]{1,20})?|jsonpath=\{\.[A-Za-z0-9_.\[\]-]{1,100}\}(=[A-Za-z0-9._-]{1,100})?)$",
            description="As condition=Ready, condition=Available, delete, jsonpath={.status.phase}=Running",
        ),
    ],
    timeout_seconds: Annotated[int, Field(ge=1, le=600, description="How long to wait at most")] = 60,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Waited:
    """Wait until an object is in a state, or the time is up; then its status is told."""
    if masking.names_secrets(kind) and condition.startswith("jsonpath"):
        raise InvalidInput("The contents of Secrets can't be waited for.", "Wait for create or delete.")
    kubectl = clusters.use(context, waiting=timeout_seconds)
    query = Query(kind, kubectl.namespace(namespace), (name,))
    done = await kubectl.wait(query, condition, timeout_seconds)
    if done.status == 0:
        return Waited(context=kubectl.context.name, met=True, said=done.text.strip())
    said = complaint(done.stderr)
    if "timed out" not in said:
        raise failure("wait", done.stderr)
    found = await kubectl.objects(query, missing_ok=True)
    state = [tables.short(item.get("status")) for item in found]
    return Waited(context=kubectl.context.name, met=False, said=said, state=state)


@tool("read", timeout=90)
async def diagnose(
    clusters: Clusters,
    kind: Annotated[
        Literal["namespace", "pod", "deployment", "statefulset", "daemonset", "job"],
        Field(description="What is not well"),
    ] = "namespace",
    name: Annotated[str | None, Field(pattern=NAME, description="Not for a namespace")] = None,
    namespace: Namespace = None,
    context: ContextName = None,
) -> Diagnosis:
    """Find out why a pod, a workload or a whole namespace is not well, in one call.

    Looks at waiting and last states, exit codes, scheduling, events, the end of the previous log and rollouts.
    """
    kubectl = clusters.use(context, seconds=75)
    target = investigating.Target(kind, name, kubectl.namespace(namespace))
    return await investigating.investigate(kubectl, target)
