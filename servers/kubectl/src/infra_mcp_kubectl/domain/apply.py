"""Applying a manifest: what was asked for, and object by object what came of it."""

from dataclasses import dataclass
from typing import Literal

from infra_mcp_kubectl.domain.changes import FieldChange, differences
from infra_mcp_kubectl.domain.objects import KubeObject, name_of, namespace_of


@dataclass(frozen=True)
class ApplyOptions:
    """How kubectl applies. force_conflicts: with server_side, take over fields that belong to other managers."""

    server_side: bool = False
    force_conflicts: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class FieldOwner:
    """A field that belongs to another manager."""

    manager: str
    field: str


@dataclass(frozen=True)
class ApplyOutcome:
    """What became of one object of a manifest. error: why it failed."""

    object: str
    namespace: str | None
    action: Literal["created", "configured", "unchanged", "failed"]
    changes: tuple[FieldChange, ...] = ()
    error: str | None = None
    conflicts: tuple[FieldOwner, ...] = ()


def outcome(item: KubeObject, before: KubeObject | None, after: KubeObject | None, *, dry_run: bool) -> ApplyOutcome:
    """What became of an object, from what was there before and what kubectl told of it."""
    name, namespace = name_of(item), namespace_of(after) if after else None
    if after is None:
        return ApplyOutcome(name, namespace, "failed", error="kubectl did not say what became of it; look with get.")
    if before is None:
        return ApplyOutcome(name, namespace, "created")
    if before["metadata"].get("resourceVersion") == after["metadata"].get("resourceVersion") and not dry_run:
        return ApplyOutcome(name, namespace, "unchanged")
    changes = tuple(differences(before, after))
    return ApplyOutcome(name, namespace, "configured" if changes else "unchanged", changes)
