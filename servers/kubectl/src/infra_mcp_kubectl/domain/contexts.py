"""What a kubeconfig says of contexts."""

from dataclasses import dataclass

from infra_mcp_common.errors import NotConfigured, NotFound


@dataclass(frozen=True)
class Context:
    """A context: the cluster and user it stands for, and the namespace used where a call names none."""

    name: str
    cluster: str
    user: str
    namespace: str


@dataclass(frozen=True)
class Kubeconfig:
    """The contexts to choose from. current: the name of the one that is used where a call names none."""

    contexts: tuple[Context, ...]
    current: str

    def context(self, name: str | None) -> Context:
        """The context of this name, or the current one."""
        wanted = name or self.current
        if not wanted:
            raise NotConfigured("The kubeconfig has no current context.", f"Name one of: {self._names()}.")
        for context in self.contexts:
            if context.name == wanted:
                return context
        raise NotFound(f"The kubeconfig has no context {wanted}.", f"Name one of: {self._names()}.")

    def _names(self) -> str:
        return ", ".join(context.name for context in self.contexts) or "(there are none)"
