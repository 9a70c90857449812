"""What `kubectl-mcp doctor` looks at."""

import shutil
from collections.abc import AsyncIterator

from infra_mcp_common.doctor import Finding
from infra_mcp_common.runtime import current
from infra_mcp_kubectl.settings import BINARY
from infra_mcp_kubectl.transport.access import access


async def kubectl() -> AsyncIterator[Finding]:
    """Whether there is a kubectl to run."""
    name = current().settings.get(BINARY)
    found = shutil.which(name)
    if found:
        yield Finding("kubectl", "ok", found)
    else:
        yield Finding("kubectl", "failed", f"{name} was not found", f"Install kubectl, or set {BINARY.name}.")


async def contexts() -> AsyncIterator[Finding]:
    """Whether the kubeconfig can be read, and what it offers."""
    config = access().kubeconfig
    names = ", ".join(context.name for context in config.contexts)
    yield Finding("contexts", "ok", f"{names or 'none'}; current: {config.current or 'none'}")


async def cluster() -> AsyncIterator[Finding]:
    """Whether the current context's cluster answers, and lets us look."""
    cluster = access().use(None, seconds=15)
    done = await cluster.can_i("list", "pods", cluster.namespace(None))
    answer = done.text.strip().partition("\n")[0]
    name = f"cluster {cluster.context.name}"
    if answer == "yes":
        yield Finding(name, "ok", "it answers, and pods can be listed")
    elif answer == "no":
        yield Finding(name, "failed", "it answers, but pods can't be listed", "Ask its administrator for the right.")
    else:
        from infra_mcp_common.doctor import from_error
        from infra_mcp_kubectl.transport.failures import failure

        yield from_error(name, failure("Asking the cluster", done.stderr))
