"""Protected namespaces: nothing in them is changed, by whatever way a call would reach them."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from infra_mcp_common.errors import Refused

Json = dict[str, Any]

# Kinds outside of namespaces, as a call may spell them. Everything else counts as inside one, to be on the safe side.
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


def is_cluster_object(item: Json) -> bool:
    """Whether a manifest is of a built-in kind outside of namespaces."""
    group = str(item.get("apiVersion", "")).rpartition("/")[0]
    return (
        group.endswith(_BUILT_IN_GROUPS) and ("." in group or not group) and is_cluster_kind(str(item.get("kind", "")))
    )


@dataclass(frozen=True)
class Protection:
    """The operator's list. No argument of a call can change it."""

    patterns: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Protection":
        names = tuple(part.strip().lower() for part in text.split(",") if part.strip())
        return cls(() if names == ("none",) else names)

    def covers(self, namespace: str) -> bool:
        return any(fnmatchcase(namespace.lower(), pattern) for pattern in self.patterns)

    def check(self, namespace: str, deed: str) -> None:
        """Refuse a deed in a protected namespace."""
        if self.covers(namespace):
            raise Refused(
                f"{deed} is refused: the namespace {namespace} is protected.",
                "Only the operator can change that (KUBECTL_MCP_PROTECTED_NAMESPACES); do not try another way.",
            )

    def check_named(self, kind: str, names: list[str], namespace: str, deed: str) -> None:
        """Refuse a deed on objects of a kind: by their namespace, or where they are namespaces, by their names."""
        if _plain(kind) in _NAMESPACE_KINDS:
            for name in names:
                self.check(name, deed)
        if not is_cluster_kind(kind):
            self.check(namespace, deed)

    def check_object(self, item: Json, default: str, deed: str) -> None:
        """Refuse a deed on an object: by its namespace, its own name, or the namespace it is bound to."""
        metadata = item.get("metadata") or {}
        kind = str(item.get("kind", ""))
        if kind.lower() == "namespace":
            self.check(str(metadata.get("name", "")), deed)
        if metadata.get("namespace") or not is_cluster_object(item):
            self.check(str(metadata.get("namespace") or default), deed)
        claim = (item.get("spec") or {}).get("claimRef") if isinstance(item.get("spec"), dict) else None
        if isinstance(claim, dict):
            self.check(str(claim.get("namespace") or ""), deed)


def _plain(kind: str) -> str:
    return kind.lower().partition(".")[0]
