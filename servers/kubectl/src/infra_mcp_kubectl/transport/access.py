"""The way to a cluster: settings looked up, kubeconfig checked, context chosen and allowed. Afresh for each call."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver.resolve import Resolve

from infra_mcp_common.errors import NotConfigured, Refused
from infra_mcp_common.io.local_paths import roots
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.call_context import check_target
from infra_mcp_kubectl.domain.protection import Protection
from infra_mcp_kubectl.settings import BINARY, KUBECONFIG, MANIFEST_ROOTS, PROTECTED, TIMEOUT
from infra_mcp_kubectl.transport import kubeconfig
from infra_mcp_kubectl.transport.kubeconfig import Kubeconfig
from infra_mcp_kubectl.transport.kubectl import Kubectl

SECONDS = 45.0


@dataclass(frozen=True)
class Access:
    kubeconfig: Kubeconfig
    path: str

    def use(self, context: str | None, seconds: float = SECONDS, *, waiting: float = 0) -> Kubectl:
        """kubectl for a context (default: the current one), if the operator's target lists let it pass.

        seconds: for the whole call. waiting: those on top in which the call waits on purpose.
        """
        chosen = self.kubeconfig.context(context)
        check_target(chosen.name)
        protection = Protection.parse(current().settings.get(PROTECTED))
        return Kubectl(current().settings.get(BINARY), self.path, chosen, protection, min(seconds, _most()) + waiting)

    def allows(self, context: str) -> bool:
        """Whether the operator's target lists let a context pass."""
        try:
            check_target(context)
        except Refused:
            return False
        return True


def _most() -> float:
    try:
        most = float(current().settings.get(TIMEOUT))
    except ValueError:
        most = 0
    if not 0 < most <= 600:
        raise NotConfigured(f"{TIMEOUT.name} must be a number of seconds up to 600.", "Correct or remove it.")
    return most


def access() -> Access:
    """Read the kubeconfig. Raises NotConfigured, naming the file, where it is missing or broken."""
    paths = [current().paths.expand(part) for part in _value().split(os.pathsep) if part]
    return Access(kubeconfig.load(paths), os.pathsep.join(map(str, paths)))


def _value() -> str:
    return current().settings.get(KUBECONFIG) or str(current().paths.home / ".kube" / "config")


def manifest_roots() -> list[Path]:
    """The folders from which manifests may be read."""
    return roots(current().settings.get(MANIFEST_ROOTS))


Clusters = Annotated[Access, Resolve(access)]
