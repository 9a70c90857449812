"""What `kubectl-mcp doctor` looks at."""

import shutil
from collections.abc import AsyncIterator

from infra_mcp_common.checks import Finding, State, from_error
from infra_mcp_common.errors import InfraError, NotConfigured
from infra_mcp_kubectl import settings
from infra_mcp_kubectl.domain.diagnosis import Target
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.transport.access import access
from infra_mcp_kubectl.transport.diagnosis import diagnose


async def kubectl() -> AsyncIterator[Finding]:
    """Whether there is a kubectl to run."""
    name = settings.binary()
    found = shutil.which(name, path=settings.search_path())
    if found:
        yield Finding("kubectl", "ok", found)
    else:
        fix = f"Install kubectl, or set {settings.BINARY.name}."
        yield Finding("kubectl", "failed", f"{name} was not found", fix)


async def contexts() -> AsyncIterator[Finding]:
    """Whether the kubeconfig can be read, and what it offers."""
    config = access().kubeconfig
    names = ", ".join(context.name for context in config.contexts)
    yield Finding("contexts", "ok", f"{names or 'none'}; current: {config.current or 'none'}")


async def cluster() -> AsyncIterator[Finding]:
    """Whether the current context's cluster answers, and lets us look."""
    cluster = access().use(None, seconds=15)
    name = f"cluster {cluster.context.name}"
    try:
        can_list = (await cluster.can_i("list", "pods")).allowed
    except NotConfigured:
        raise
    except InfraError as error:
        yield from_error(name, error)
        return
    if can_list:
        yield Finding(name, "ok", "it answers, and pods can be listed")
    else:
        yield Finding(name, "failed", "it answers, but pods can't be listed", "Ask its administrator for the right.")


async def nodes() -> AsyncIterator[Finding]:
    """Every node of the current context's cluster is ready and under no pressure."""
    found = await access().use(None, seconds=8).objects(Query("nodes"))
    for node in found:
        name = node["metadata"]["name"]
        for condition in node.get("status", {}).get("conditions", []):
            ready = condition["type"] == "Ready"
            if (condition["status"] == "True") != ready:
                state: State = "failed" if ready else "degraded"
                yield Finding(name, state, f"{condition['type']}: {condition.get('message') or condition['status']}")
    yield Finding("nodes", "ok" if found else "unknown", f"{len(found)} looked at")


async def namespace() -> AsyncIterator[Finding]:
    """The pods and workloads of the current context's namespace."""
    reads = access().use(None, seconds=8)
    target = Target("namespace", None, reads.scope.namespace)
    found = await diagnose(reads, target)
    for cause in found.causes:
        yield Finding(cause.object, "failed", cause.cause, cause.next_step or "")
    if found.more_causes:
        yield Finding("others", "failed", f"{found.more_causes} more are not well", "diagnose tells them.")
    yield Finding(f"namespace {reads.scope.namespace}", "ok", "pods and workloads looked at")
