"""Conditions of objects that can be waited for."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_kubectl.answers.conditions import Waited
from infra_mcp_kubectl.domain.query import Query
from infra_mcp_kubectl.domain.secrets import names_secrets
from infra_mcp_kubectl.tools.parameters import Clusters, ContextName, KindName, Name, Namespace


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
    if names_secrets(kind) and condition.startswith("jsonpath"):
        raise InvalidInput("The contents of Secrets can't be waited for.", "Wait for create or delete.")
    kubectl = clusters.use(context, namespace, waiting=timeout_seconds)
    waited = await kubectl.wait(kind, name, condition, timeout_seconds)
    found = [] if waited.met else await kubectl.objects(Query(kind, (name,)), missing_ok=True)
    return Waited.of(kubectl.context.name, waited, found)
