"""What differs between an object before and after, field by field, without what the server counts up by itself."""

import json
from dataclasses import dataclass

from infra_mcp_common.text.redaction import MASK
from infra_mcp_kubectl.domain.objects import KubeObject
from infra_mcp_kubectl.domain.secrets import is_secret

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_NOISE = {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"}
_KEYS = ("name", "containerPort", "port", "mountPath", "type", "key", "ip")
_NEVER_SECRET = ("kind", "type", "immutable", "metadata.name", "metadata.labels")
_MOST, _LONGEST = 60, 300


@dataclass(frozen=True)
class FieldChange:
    """A field that changed. None where the field was or is not there."""

    path: str
    before: object
    after: object


def differences(before: KubeObject, after: KubeObject) -> list[FieldChange]:
    """The changed fields. Values of Secrets are masked; that they changed is said all the same."""
    found = _compare(_relevant(before), _relevant(after), "")
    if is_secret(before) or is_secret(after):
        found = [_masked(change) for change in found]
    return found[:_MOST]


def _relevant(item: KubeObject) -> KubeObject:
    kept = {name: value for name, value in item.items() if name != "status"}
    metadata = {k: v for k, v in (item.get("metadata") or {}).items() if k not in _NOISE}
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != LAST_APPLIED}
    return kept | {"metadata": metadata | {"annotations": annotations}}


def _compare(before: object, after: object, path: str) -> list[FieldChange]:
    if before == after:
        return []
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        return [FieldChange(path.lstrip("."), _short(before), _short(after))]
    names = [*old, *(name for name in new if name not in old)]
    return [change for name in names for change in _compare(old.get(name), new.get(name), f"{path}{name}")]


def _parts(value: object) -> dict[str, object] | None:
    """The parts of a value by how they continue a path; None for a value that has none."""
    if isinstance(value, dict):
        return {(f".{k}" if _is_plain(k) else f"['{k}']"): v for k, v in value.items()}
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for key in _KEYS:
            names = [entry.get(key) for entry in value]
            if None not in names and len(set(names)) == len(names):
                return {f"[{key}={name}]": entry for name, entry in zip(names, value, strict=True)}
    return None


def _is_plain(name: str) -> bool:
    return name.replace("-", "").replace("_", "").isalnum()


def _short(value: object) -> object:
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _masked(change: FieldChange) -> FieldChange:
    if change.path.startswith(_NEVER_SECRET):
        return change
    before, after = (None if side is None else MASK for side in (change.before, change.after))
    return FieldChange(change.path, before, after)
