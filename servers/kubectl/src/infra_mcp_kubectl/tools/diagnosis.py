"""Why something is not well."""

from typing import Annotated, Literal

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.diagnosis import Diagnosis
from infra_mcp_kubectl.domain.diagnosis import Target
from infra_mcp_kubectl.tools.parameters import NAME, Clusters, ContextName, Namespace
from infra_mcp_kubectl.transport import diagnosis


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
    kubectl = clusters.use(context, namespace, seconds=75)
    found = await diagnosis.diagnose(kubectl, Target(kind, name, kubectl.scope.namespace))
    return Diagnosis.of(kubectl.context.name, found)
