"""What differs between an object before and after, field by field, without what the server counts up by itself."""

import json
from typing import Any

from infra_mcp_common.text.redaction import MASK
from infra_mcp_kubectl.answers.objects import Change
from infra_mcp_kubectl.safety.masking import LAST_APPLIED, is_secret

Json = dict[str, Any]
_NOISE = {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"}
_KEYS = ("name", "containerPort", "port", "mountPath", "type", "key", "ip")
_MOST, _LONGEST = 60, 300


def differences(before: Json, after: Json) -> list[Change]:
    """The changed fields. Values of Secrets are masked; that they changed is said all the same."""
    found: list[Change] = []
    _walk(_relevant(before), _relevant(after), "", found)
    if is_secret(before) or is_secret(after):
        found = [_masked(change) for change in found]
    return found[:_MOST]


def _relevant(item: Json) -> Json:
    kept = {name: value for name, value in item.items() if name != "status"}
    metadata = {k: v for k, v in (item.get("metadata") or {}).items() if k not in _NOISE}
    annotations = {k: v for k, v in (metadata.get("annotations") or {}).items() if k != LAST_APPLIED}
    return kept | {"metadata": metadata | {"annotations": annotations}}


def _walk(before: Any, after: Any, path: str, found: list[Change]) -> None:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        found.append(Change(path=path.lstrip("."), before=_short(before), after=_short(after)))
        return
    for name in [*old, *(name for name in new if name not in old)]:
        _walk(old.get(name), new.get(name), f"{path}{name}", found)


def _parts(value: Any) -> dict[str, Any] | None:
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


def _short(value: Any) -> Any:
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _masked(change: Change) -> Change:
    if change.path.startswith(("kind", "type", "immutable", "metadata.name", "metadata.labels")):
        return change
    sides = {side: None if getattr(change, side) is None else MASK for side in ("before", "after")}
    return Change(path=change.path, **sides)
