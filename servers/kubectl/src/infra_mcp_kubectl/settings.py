"""The settings of kubectl-mcp. Clusters, users and namespaces come from the kubeconfig, as for kubectl."""

from infra_mcp_common.settings import Setting

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
