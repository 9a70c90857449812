"""Kinds outside of namespaces, as a call or a manifest may spell them."""

from infra_mcp_kubectl.domain.objects import KubeObject, group_of

# Everything else counts as inside a namespace, to be on the safe side.
_CLUSTER_KINDS = {
    "namespace", "namespaces", "ns", "node", "nodes", "no", "persistentvolume", "persistentvolumes", "pv",
    "clusterrole", "clusterroles", "clusterrolebinding", "clusterrolebindings", "storageclass", "storageclasses", "sc",
    "customresourcedefinition", "customresourcedefinitions", "crd", "crds", "priorityclass", "priorityclasses", "pc",
    "ingressclass", "ingressclasses", "runtimeclass", "runtimeclasses", "csr", "certificatesigningrequest",
    "certificatesigningrequests",
}  # fmt: skip
_NAMESPACE_KINDS = {"namespace", "namespaces", "ns"}
_BUILT_IN_GROUPS = ("", ".k8s.io")


def is_cluster_kind(kind: str) -> bool:
    """Whether a kind, as an argument spells it, is known to live outside of namespaces."""
    return kind.lower() in _CLUSTER_KINDS


def is_cluster_object(item: KubeObject) -> bool:
    """Whether a manifest is of a built-in kind outside of namespaces."""
    group = group_of(item)
    is_built_in = group.endswith(_BUILT_IN_GROUPS) and ("." in group or not group)
    return is_built_in and is_cluster_kind(str(item.get("kind", "")))


def names_namespaces(kind: str) -> bool:
    """Whether a kind, as an argument spells it, is that of namespaces themselves."""
    return kind.lower().partition(".")[0] in _NAMESPACE_KINDS
