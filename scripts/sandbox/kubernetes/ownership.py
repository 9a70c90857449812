"""Who owns which field: managedFields.

A field's path is a tuple of steps as managedFields writes them: `f:name` for a field, `k:{…}` for an entry of a keyed
list, `v:…` for a value of a set. Only leaves are kept.
"""

import json
from typing import Any

from sandbox.kubernetes.listkeys import is_set, merge_key
from sandbox.kubernetes.store import now

Json = dict[str, Any]
Path = tuple[str, ...]
Writer = tuple[str, str, str]  # manager, operation (Apply or Update), subresource
_UNOWNED = {"apiVersion", "kind", "status"}
_UNOWNED_METADATA = {
    "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds", "generateName",
}  # fmt: skip


def leaves(item: Json) -> dict[Path, Any]:
    """Every owned leaf of an object with its value."""
    found: dict[Path, Any] = {}
    for name, value in item.items():
        if name == "metadata":
            value = {k: v for k, v in value.items() if k not in _UNOWNED_METADATA}  # noqa: PLW2901
        if name not in _UNOWNED:
            _walk(value, (f"f:{name}",), (name,), found)
    return found


def _walk(value: Any, path: Path, names: tuple[str, ...], found: dict[Path, Any]) -> None:
    key = merge_key(names)
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            _walk(inner, (*path, f"f:{name}"), (*names, name), found)
    elif isinstance(value, list) and key and all(isinstance(e, dict) and key in e for e in value):
        for entry in value:
            step = "k:" + json.dumps({key: entry[key]}, separators=(",", ":"))
            _walk(entry, (*path, step), names, found)
    elif isinstance(value, list) and is_set(names):
        found.update({(*path, "v:" + json.dumps(entry)): entry for entry in value})
    elif value not in ({}, []):
        found[path] = value


def to_tree(paths: set[Path]) -> Json:
    tree: Json = {}
    for path in sorted(paths):
        node = tree
        for step in path:
            node = node.setdefault(step, {})
    return tree


def from_tree(tree: Json, path: Path = ()) -> set[Path]:
    found: set[Path] = set()
    for step, inner in tree.items():
        if step != ".":
            found |= from_tree(inner, (*path, step)) if inner else {(*path, step)}
    return found


def record_update(before: Json, after: Json, manager: str, subresource: str = "") -> None:
    """After a plain write: what changed now belongs to the writer, and to nobody else."""
    old, new = leaves(before) if before else {}, leaves(after)
    changed = {path for path, value in new.items() if path not in old or old[path] != value}
    own(after, (manager, "Update", subresource), changed, changed | (set(old) - set(new)))


def own(item: Json, writer: Writer, owned: set[Path], taken: set[Path]) -> None:
    """Note that a writer owns these fields now, and that nobody else owns those it has taken."""
    manager, operation, subresource = writer
    entries = []
    mine: set[Path] = set(owned)
    for entry in item["metadata"].get("managedFields", []):
        fields = from_tree(entry["fieldsV1"])
        same = (entry["manager"], entry["operation"], entry.get("subresource", "")) == (manager, operation, subresource)
        if same:
            mine |= fields - taken if operation == "Update" else set()
        elif left := fields - taken:
            entries.append({**entry, "fieldsV1": to_tree(left)})
    if mine:
        entry = {"manager": manager, "operation": operation, "apiVersion": item["apiVersion"], "time": now()}
        extra = {"subresource": subresource} if subresource else {}
        entries.append({**entry, "fieldsType": "FieldsV1", "fieldsV1": to_tree(mine), **extra})
    item["metadata"]["managedFields"] = entries
