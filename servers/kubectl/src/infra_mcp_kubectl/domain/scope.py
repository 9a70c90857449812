"""Which namespaces a call is about."""

from dataclasses import dataclass

from infra_mcp_kubectl.domain.contexts import Context


@dataclass(frozen=True)
class Scope:
    """One namespace, or all of them; decided once for a call, by `of`.

    namespace: the one, which is also where objects belong that name none. every: look into all namespaces instead.
    """

    namespace: str
    every: bool = False

    @classmethod
    def of(cls, context: Context, named: str | None, *, every: bool = False) -> "Scope":
        """The scope of a call that names this namespace, or none and means the context's own."""
        return cls(named or context.namespace, every)

    @property
    def only(self) -> str | None:
        """The one namespace; None where all are meant."""
        return None if self.every else self.namespace
