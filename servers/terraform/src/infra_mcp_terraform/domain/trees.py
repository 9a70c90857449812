"""Trees of values, and the trees of marks that terraform prints beside them."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from infra_mcp_terraform.domain.documents import Marks, Value

Tree = TypeVar("Tree", Value, Marks)
Key = str | int


def at(tree: Tree, key: Key) -> Tree:
    """What lies under the key, or None."""
    if isinstance(tree, dict):
        return tree.get(str(key))
    return tree[key] if isinstance(tree, list) and isinstance(key, int) and key < len(tree) else None


def keys_of(tree: Value | Marks) -> Sequence[Key]:
    """The keys of a map, the positions of a list."""
    if isinstance(tree, dict):
        return list(tree)
    return range(len(tree)) if isinstance(tree, list) else ()


def either(one: Marks, other: Marks) -> Marks:
    """The union of two trees of marks."""
    if one is True or other is True:
        return True
    keys = dict.fromkeys([*keys_of(one), *keys_of(other)])
    return {str(key): either(at(one, key), at(other, key)) for key in keys} if keys else False


def leaves(tree: Value) -> Iterator[str | float | bool | None]:
    """The texts, numbers, booleans and nulls at the ends."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        for inner in tree:
            yield from leaves(inner)
    else:
        yield tree


def marked(value: Value, mark: Marks) -> list[Value]:
    """The parts of the value that are marked."""
    if mark is True:
        return [value]
    if isinstance(value, dict) and isinstance(mark, dict):
        return [part for key in mark if key in value for part in marked(value[key], mark[key])]
    if isinstance(value, list) and isinstance(mark, list):
        return [part for inner, sign in zip(value, mark, strict=False) for part in marked(inner, sign)]
    return []


def shortened(value: Value, longest: int) -> Value:
    """The same tree with long texts cut."""
    if isinstance(value, str) and len(value) > longest:
        return f"{value[:longest]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {key: shortened(inner, longest) for key, inner in value.items()}
    return [shortened(inner, longest) for inner in value] if isinstance(value, list) else value


def join(path: str, key: Key) -> str:
    """The path one step on, as people write it: `tags.Name`, `disk[0]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def path_of(steps: Sequence[Key]) -> str:
    """A path as people write it: `tags.Name`, `disk[0].size`."""
    path = ""
    for step in steps:
        path = join(path, step)
    return path
