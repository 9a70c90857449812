"""Objects that are deleted: what keeps them, and what became of them."""

from dataclasses import dataclass
from typing import Literal

from infra_mcp_kubectl.domain.objects import (
    KubeObject,
    namespace_of,
    owners_of,
    qualified_kind,
    spec_of,
    status_of,
    uid_of,
)

State = Literal["deleted", "asked", "failed"]


def owner_names(item: KubeObject) -> list[str]:
    """What makes an object anew when it is gone."""
    return [f"{owner['kind'].lower()}/{owner['name']}" for owner in owners_of(item)]


def finalizers(item: KubeObject) -> list[str]:
    """What has to happen before an object goes."""
    found = list(item["metadata"].get("finalizers") or [])
    if item.get("kind") == "Namespace":
        found += spec_of(item).get("finalizers") or []
    return found


@dataclass(frozen=True)
class Batch:
    """Objects of one kind in one namespace: what one kubectl can be asked to delete."""

    kind: str
    namespace: str
    names: list[str]


def batches(items: list[KubeObject], default: str) -> list[Batch]:
    """The objects by kind and namespace. default: the namespace of those that name none."""
    found: dict[tuple[str, str], Batch] = {}
    for item in items:
        key = (qualified_kind(item), namespace_of(item) or default)
        found.setdefault(key, Batch(*key, [])).names.append(str(item["metadata"]["name"]))
    return list(found.values())


@dataclass(frozen=True)
class DeletionOutcome:
    """What became of an object that was to be deleted. item: as it is now, or was. asked: its finalizers come first."""

    item: KubeObject
    state: State


def outcome(item: KubeObject, left: dict[str, KubeObject]) -> DeletionOutcome:
    """What became of an object. left: those that are still there, by uid."""
    live = left.get(uid_of(item))
    if live is None:
        return DeletionOutcome(item, "deleted")
    is_ending = live["metadata"].get("deletionTimestamp") is not None or status_of(live).get("phase") == "Terminating"
    return DeletionOutcome(live, "asked" if is_ending else "failed")
