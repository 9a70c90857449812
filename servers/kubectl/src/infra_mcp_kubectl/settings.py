"""The settings of kubectl-mcp. Clusters, users and namespaces come from the kubeconfig, as for kubectl."""

import os
from pathlib import Path

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_common.settings import Setting

_LONGEST_CALL = 600

KUBECONFIG = Setting(
    "KUBECONFIG",
    "the kubeconfig, or several separated by colons; default: ~/.kube/config",
    "Your cluster's administrator or tool writes one (kind, k3s, kubeadm, `aws eks update-kubeconfig`).",
)
BINARY = Setting("KUBECTL_MCP_BIN", "the kubectl to run; default: the one on PATH", default="kubectl")
PROTECTED = Setting(
    "KUBECTL_MCP_PROTECTED_NAMESPACES",
    "namespaces (patterns allowed, separated by commas) in which nothing may be changed; "
    "default: kube-system, production, prod; `none` protects none",
    default="kube-system,production,prod",
)
MANIFEST_ROOTS = Setting(
    "KUBECTL_MCP_MANIFEST_ROOTS",
    "folders from which manifests may be read, separated by colons; "
    "default: the client's project folder, else the working directory",
)
TIMEOUT = Setting(
    "KUBECTL_MCP_TIMEOUT",
    "the most seconds a call may work on an answer, besides the time it is asked to wait for something; default: 100",
    default="100",
)

SETTINGS = (KUBECONFIG, BINARY, PROTECTED, MANIFEST_ROOTS, TIMEOUT)


def kubeconfig_files() -> list[Path]:
    """The kubeconfigs to merge, the first of which wins."""
    runtime = current()
    value = runtime.settings.get(KUBECONFIG) or str(runtime.paths.home / ".kube" / "config")
    return [_absolute(runtime.paths.expand(part)) for part in value.split(os.pathsep) if part]


def _absolute(path: Path) -> Path:
    return path if path.is_absolute() else current().paths.working_directory / path


def binary() -> str:
    """The name or path of kubectl."""
    return current().settings.get(BINARY)


def directory() -> Path | None:
    """Where kubectl is started; None for where this server was."""
    return current().paths.directory


def search_path() -> str:
    """Where programs are looked for, as the environment has it."""
    return current().environment.get("PATH", os.defpath)


def protected_namespaces() -> str:
    """The operator's list as it is written."""
    return current().settings.get(PROTECTED)


def manifest_roots() -> str:
    """The folders as they are written; "" where none are set."""
    return current().settings.get(MANIFEST_ROOTS)


def longest_call() -> float:
    """The most seconds that a call may work on an answer."""
    try:
        seconds = float(current().settings.get(TIMEOUT))
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _LONGEST_CALL:
        raise NotConfigured(
            f"{TIMEOUT.name} must be a number of seconds up to {_LONGEST_CALL}.", "Correct or remove it."
        )
    return seconds
