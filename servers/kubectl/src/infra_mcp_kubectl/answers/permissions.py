"""Rights."""

from infra_mcp_kubectl.answers.base import Answer
from infra_mcp_kubectl.domain.permissions import Permission


class Access(Answer):
    allowed: bool
    said: str | None = None

    @classmethod
    def of(cls, context: str, permission: Permission) -> "Access":
        return cls(context=context, allowed=permission.allowed, said=permission.said or None)
