"""The three patches a client may send besides apply: JSON patch, merge patch, strategic merge patch."""

import copy
from typing import Any

from sandbox.kubernetes.answers import bad_request
from sandbox.kubernetes.listkeys import is_set, merge_key

Json = dict[str, Any]


def merge(item: Any, patch: Any) -> Any:
    """RFC 7396: null removes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(item) if isinstance(item, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def json_patch(item: Json, operations: list[Json]) -> Json:
    """RFC 6902: add, replace, remove and test."""
    result = copy.deepcopy(item)
    for operation in operations:
        _operate(result, operation)
    return result


def _operate(root: Any, operation: Json) -> None:
    *parents, last = [p.replace("~1", "/").replace("~0", "~") for p in operation["path"].split("/")[1:]]
    target = root
    try:
        for part in parents:
            target = target[int(part) if isinstance(target, list) else part]
        _set(target, last, operation)
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise bad_request(f"the server rejected our request due to an error in our request: {error}") from None


def _set(target: Any, last: str, operation: Json) -> None:
    kind, key = operation["op"], (int(last) if isinstance(target, list) and last != "-" else last)
    if kind == "test":
        if target[key] != operation["value"]:
            raise ValueError(f"testing path {operation['path']} value failed")
    elif kind == "remove":
        del target[key]
    elif isinstance(target, list) and kind == "add":
        target.insert(len(target) if key == "-" else int(key), operation["value"])
    else:
        target[key] = operation["value"]


def strategic(item: Any, patch: Any, path: tuple[str, ...] = ()) -> Any:
    """A merge patch that knows which lists merge by key, with its `$` directives."""
    if isinstance(patch, dict):
        return _strategic_object(item if isinstance(item, dict) else {}, patch, path)
    if isinstance(patch, list):
        return _strategic_list(item if isinstance(item, list) else [], patch, path)
    return patch


def _strategic_object(item: Json, patch: Json, path: tuple[str, ...]) -> Json:
    if patch.get("$patch") == "replace":
        return {k: v for k, v in patch.items() if k != "$patch"}
    merged = dict(item)
    for name, value in patch.items():
        if name.startswith("$deleteFromPrimitiveList/"):
            field = name.partition("/")[2]
            merged[field] = [entry for entry in merged.get(field, []) if entry not in value]
        elif name.startswith("$"):
            continue
        elif value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
            merged.pop(name, None)
        else:
            merged[name] = strategic(merged.get(name), value, (*path, name))
    return _ordered(merged, patch, path)


def _ordered(merged: Json, patch: Json, path: tuple[str, ...]) -> Json:
    if "$retainKeys" in patch:
        merged = {k: v for k, v in merged.items() if k in patch["$retainKeys"]}
    for name, order in patch.items():
        field = name.removeprefix("$setElementOrder/")
        if field == name or field not in merged:
            continue
        key = merge_key((*path, field))
        wanted = [entry.get(key) if isinstance(entry, dict) else entry for entry in order]
        place = {value: index for index, value in enumerate(wanted)}
        merged[field].sort(key=lambda e, k=key, p=place: p.get(e.get(k) if isinstance(e, dict) else e, len(p)))
    return merged


def _strategic_list(items: list[Any], patch: list[Any], path: tuple[str, ...]) -> list[Any]:
    key = merge_key(path)
    if is_set(path):
        return [*items, *(entry for entry in patch if entry not in items)]
    if key is None or not all(isinstance(entry, dict) for entry in patch):
        return copy.deepcopy(patch)
    if any(entry == {"$patch": "replace"} for entry in patch):
        return [entry for entry in patch if entry != {"$patch": "replace"}]
    return _merge_by_key(items, patch, key, path)


def _merge_by_key(items: list[Any], patch: list[Any], key: str, path: tuple[str, ...]) -> list[Any]:
    merged = list(items)
    for entry in patch:
        index = next((i for i, old in enumerate(merged) if old.get(key) == entry.get(key)), None)
        if entry.get("$patch") == "delete":
            merged = [old for old in merged if old.get(key) != entry.get(key)]
        elif index is None:
            merged.append(strategic({}, entry, path))
        else:
            merged[index] = strategic(merged[index], entry, path)
    return merged
