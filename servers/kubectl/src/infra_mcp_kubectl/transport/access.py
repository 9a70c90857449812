"""The way to a cluster: settings looked up, kubeconfig checked, context chosen and allowed. Afresh for each call."""

import os
from dataclasses import dataclass

from infra_mcp_common.errors import Refused
from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_kubectl import settings
from infra_mcp_kubectl.domain.contexts import Kubeconfig
from infra_mcp_kubectl.domain.protection import Protection
from infra_mcp_kubectl.domain.scope import Scope
from infra_mcp_kubectl.transport import kubeconfig
from infra_mcp_kubectl.transport.kubectl import Kubectl
from infra_mcp_kubectl.transport.runner import Deadline

SECONDS = 45.0


@dataclass(frozen=True)
class Access:
    """The contexts there are, and kubectl for each. files: the kubeconfigs as KUBECONFIG names them."""

    kubeconfig: Kubeconfig
    files: str
    protection: Protection

    def use(
        self,
        context: str | None,
        namespace: str | None = None,
        *,
        every: bool = False,
        seconds: float = SECONDS,
        waiting: float = 0,
    ) -> Kubectl:
        """kubectl for a context and namespace (default: the current one and its own), if the operator's target lists
        let it pass.

        every: for all namespaces instead. seconds: for the whole call. waiting: those on top in which the call waits
        on purpose.
        """
        chosen = self.kubeconfig.context(context)
        check_target(chosen.name)
        return Kubectl(
            binary=settings.binary(),
            kubeconfig=self.files,
            context=chosen,
            scope=Scope.of(chosen, namespace, every=every),
            protection=self.protection,
            deadline=Deadline.after(min(seconds, settings.longest_call()) + waiting),
        )

    def allows(self, context: str) -> bool:
        """Whether the operator's target lists let a context pass."""
        try:
            check_target(context)
        except Refused:
            return False
        return True


def access() -> Access:
    """Read the kubeconfig. Raises NotConfigured, naming the file, where it is missing or broken."""
    files = settings.kubeconfig_files()
    protection = Protection.parse(settings.protected_namespaces(), settings.PROTECTED.name)
    return Access(kubeconfig.load(files), os.pathsep.join(map(str, files)), protection)
