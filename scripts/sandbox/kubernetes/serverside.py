"""Server-side apply: merge what a manager wants, and refuse to take fields that belong to others."""

import copy
import json
from typing import Any

from sandbox.kubernetes.answers import apply_conflict
from sandbox.kubernetes.listkeys import is_set, merge_key
from sandbox.kubernetes.ownership import Path, from_tree, leaves, own

Json = dict[str, Any]


def apply(live: Json | None, wanted: Json, manager: str, *, force: bool) -> Json:
    """Server-side apply: raises a conflict where another manager owns a field with another value."""
    result = copy.deepcopy(live) if live else {}
    owned, current = leaves(wanted), leaves(result)
    managed = result.get("metadata", {}).get("managedFields", [])
    contested = _contested(managed, manager, owned, current)
    if contested and not force:
        raise apply_conflict([(name, _shown(path)) for name, path in contested])
    for path in _mine(managed, manager) - set(owned) - _of_others(managed, manager):
        _drop(result, path)
    merged: Json = _overlay(result, wanted, ())
    if set(owned) == _mine(managed, manager) and leaves(merged) == current:
        return merged
    own(merged, (manager, "Apply", ""), set(owned), {path for _, path in contested})
    return merged


def _contested(
    managed: list[Json], manager: str, owned: dict[Path, Any], current: dict[Path, Any]
) -> list[tuple[str, Path]]:
    found = []
    for entry in managed:
        if (entry["manager"], entry["operation"]) == (manager, "Apply"):
            continue
        via = f' with subresource "{entry["subresource"]}"' if entry.get("subresource") else ""
        name = f'"{entry["manager"]}"{via} using {entry["apiVersion"]}'
        theirs = sorted(from_tree(entry["fieldsV1"]) & set(owned))
        found += [(name, path) for path in theirs if current.get(path) != owned[path]]
    return found


def _mine(managed: list[Json], manager: str) -> set[Path]:
    return set().union(
        *(from_tree(e["fieldsV1"]) for e in managed if (e["manager"], e["operation"]) == (manager, "Apply"))
    )


def _of_others(managed: list[Json], manager: str) -> set[Path]:
    return set().union(
        *(from_tree(e["fieldsV1"]) for e in managed if (e["manager"], e["operation"]) != (manager, "Apply"))
    )


def _shown(path: Path) -> str:
    text = ""
    for step in path:
        kind, _, value = step.partition(":")
        text += f".{value}" if kind == "f" else f"[{_key_shown(value)}]" if kind == "k" else f"[={value}]"
    return text


def _key_shown(value: str) -> str:
    return ",".join(f"{name}={json.dumps(part)}" for name, part in json.loads(value).items())


def _drop(item: Any, path: Path) -> None:
    """Remove a leaf, and what its removal leaves empty."""
    kind, _, value = path[0].partition(":")
    if kind == "f" and isinstance(item, dict) and value in item:
        if len(path) > 1:
            _drop(item[value], path[1:])
        if len(path) == 1 or item[value] in ({}, []):
            del item[value]
    elif kind == "k" and isinstance(item, list):
        _drop_from_entry(item, json.loads(value), path[1:])
    elif kind == "v" and isinstance(item, list) and json.loads(value) in item:
        item.remove(json.loads(value))


def _drop_from_entry(items: list[Any], keys: Json, path: Path) -> None:
    for entry in [e for e in items if all(e.get(k) == v for k, v in keys.items())]:
        if path:
            _drop(entry, path)
        if not path or len(entry) <= len(keys):
            items.remove(entry)


def _overlay(live: Any, wanted: Any, names: tuple[str, ...]) -> Any:
    if isinstance(wanted, dict):
        base = dict(live) if isinstance(live, dict) else {}
        return {**base, **{k: _overlay(base.get(k), v, (*names, k)) for k, v in wanted.items()}}
    key = merge_key(names)
    if isinstance(wanted, list) and key and all(isinstance(e, dict) and key in e for e in wanted):
        merged = list(live) if isinstance(live, list) else []
        for entry in wanted:
            index = next((i for i, old in enumerate(merged) if old.get(key) == entry[key]), None)
            if index is None:
                merged.append(entry)
            else:
                merged[index] = _overlay(merged[index], entry, names)
        return merged
    if isinstance(wanted, list) and is_set(names):
        return [*(live or []), *(e for e in wanted if e not in (live or []))]
    return copy.deepcopy(wanted)
