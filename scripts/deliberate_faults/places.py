"""Where a fault goes: symbols found in the syntax trees of a distribution's sources, whatever module they live in."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deliberate_faults.data import Fault, Placement

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class CannotBePlaced(Exception):
    """The code has moved on: the fault, or what it names, has to be brought up to date."""


@dataclass(frozen=True)
class Symbol:
    """A definition or constant: the file, and the span of its source text there, decorators included."""

    name: str
    path: Path
    start: int
    end: int


@dataclass(frozen=True)
class Edit:
    """What a fault does to one file, named by its path in the checkout."""

    path: Path
    position: int
    old: str
    new: str

    @property
    def module(self) -> str:
        parts = self.path.with_suffix("").parts
        return ".".join(part for part in parts[parts.index("src") + 1 :] if part != "__init__")

    def apply(self, text: str) -> str:
        return text[: self.position] + self.new + text[self.position + len(self.old) :]


def find(root: Path, fault: Fault) -> Edit:
    """The edit that makes this fault in the checkout; raises CannotBePlaced."""
    problems = []
    for placement in fault.placements:
        try:
            return _find(root, placement)
        except CannotBePlaced as problem:
            problems.append(str(problem))
    raise CannotBePlaced("; ".join(problems))


def _find(root: Path, placement: Placement) -> Edit:
    distribution = placement.distribution
    folder = root / ("common" if distribution == "common" else f"servers/{distribution}") / "src"
    symbols = [symbol for symbol in _symbols(folder) if symbol.name == placement.place]
    if not symbols:
        raise CannotBePlaced(f"{distribution} has no {placement.place}")
    edits = [edit for symbol in symbols for edit in _edits(root, symbol, placement)]
    if len(edits) != 1:
        raise CannotBePlaced(f"{placement.place} has {placement.old!r} {len(edits)} times instead of once")
    return edits[0]


def _edits(root: Path, symbol: Symbol, placement: Placement) -> Iterator[Edit]:
    text = symbol.path.read_text("utf-8")
    position = text.find(placement.old, symbol.start, symbol.end)
    while position >= 0:
        yield Edit(symbol.path.relative_to(root), position, placement.old, placement.new)
        position = text.find(placement.old, position + 1, symbol.end)


@cache
def _symbols(folder: Path) -> list[Symbol]:
    return [symbol for path in sorted(folder.rglob("*.py")) for symbol in _in_file(path)]


def _in_file(path: Path) -> Iterator[Symbol]:
    text = path.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for name, node in _named(ast.parse(text), ""):
        decorators = node.decorator_list if isinstance(node, _Definition) else []
        first = min([node.lineno, *(each.lineno for each in decorators)])
        yield Symbol(name, path, starts[first - 1], starts[node.end_lineno or node.lineno])


def _named(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.stmt]]:
    """Definitions at any depth by their qualified name, and the names that modules and classes assign to."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Definition):
            yield prefix + child.name, child
            yield from _named(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.Assign | ast.AnnAssign) and isinstance(node, ast.Module | ast.ClassDef):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            yield from ((prefix + target.id, child) for target in targets if isinstance(target, ast.Name))
        elif isinstance(child, ast.stmt):
            yield from _named(child, prefix)
