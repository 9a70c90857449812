"""Protected namespaces: nothing in them is changed, by whatever way a call would reach them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from infra_mcp_common.errors import Refused
from infra_mcp_kubectl.domain.kinds import is_cluster_kind, is_cluster_object, names_namespaces
from infra_mcp_kubectl.domain.objects import KubeObject


@dataclass(frozen=True)
class Protection:
    """The operator's list. No argument of a call can change it. setting: the name of the setting that it comes from."""

    patterns: tuple[str, ...]
    setting: str

    @classmethod
    def parse(cls, text: str, setting: str) -> "Protection":
        names = tuple(part.strip().lower() for part in text.split(",") if part.strip())
        return cls(() if names == ("none",) else names, setting)

    def covers(self, namespace: str) -> bool:
        return any(fnmatchcase(namespace.lower(), pattern) for pattern in self.patterns)

    def check(self, namespace: str, action: str) -> None:
        """Refuse an action in a protected namespace."""
        if self.covers(namespace):
            raise Refused(
                f"{action} is refused: the namespace {namespace} is protected.",
                f"Only the operator can change that ({self.setting}); do not try another way.",
            )

    def check_named(self, kind: str, names: Iterable[str], namespace: str, action: str) -> None:
        """Refuse an action on objects of a kind: by their namespace, or where they are namespaces, by their names."""
        if names_namespaces(kind):
            for name in names:
                self.check(name, action)
        if not is_cluster_kind(kind):
            self.check(namespace, action)

    def check_object(self, item: KubeObject, default: str, action: str) -> None:
        """Refuse an action on an object: by its namespace, its own name, or the namespace it is bound to."""
        metadata = item.get("metadata") or {}
        kind = str(item.get("kind", ""))
        if kind.lower() == "namespace":
            self.check(str(metadata.get("name", "")), action)
        if metadata.get("namespace") or not is_cluster_object(item):
            self.check(str(metadata.get("namespace") or default), action)
        claim = (item.get("spec") or {}).get("claimRef") if isinstance(item.get("spec"), dict) else None
        if isinstance(claim, dict):
            self.check(str(claim.get("namespace") or ""), action)
