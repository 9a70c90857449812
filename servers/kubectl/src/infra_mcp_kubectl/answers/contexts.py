"""Contexts of the kubeconfig."""

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_kubectl.domain.contexts import Context


class ContextInfo(Result):
    name: str
    cluster: str
    user: str
    namespace: str = Field(description="Used where a call names none")
    current: bool
    allowed: bool = Field(description="Whether the operator lets this server use it")

    @classmethod
    def of(cls, context: Context, *, current: bool, allowed: bool) -> "ContextInfo":
        return cls(
            name=context.name,
            cluster=context.cluster,
            user=context.user,
            namespace=context.namespace,
            current=current,
            allowed=allowed,
        )


class Contexts(Result):
    contexts: list[ContextInfo]
    protected_namespaces: list[str] = Field(description="Names or patterns of namespaces in which nothing is changed")
