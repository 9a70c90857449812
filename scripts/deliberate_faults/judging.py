"""Making faults one by one, and whether the tests that are named for them notice."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, TypeVar

from deliberate_faults import places, running, selection
from deliberate_faults.data import Fault
from deliberate_faults.places import CannotBePlaced, Edit
from deliberate_faults.trees import Tree

T = TypeVar("T")


@dataclass(frozen=True)
class Placed:
    """A fault with its place in the checkout and pytest's names for its tests."""

    fault: Fault
    edit: Edit
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """What became of a fault; reason: why it could not be placed or judged."""

    fault: Fault
    outcome: Literal["caught", "NOT CAUGHT", "cannot be placed", "cannot be judged"]
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.outcome:<18}{self.fault}" + (f": {self.reason}" if self.reason else "")


def place(root: Path, fault: Fault) -> Placed:
    """Raises CannotBePlaced."""
    return Placed(fault, places.find(root, fault), tuple(selection.node_id(root, test) for test in fault.tests))


def judge(root: Path, faults: Sequence[Fault], trees: Sequence[Tree]) -> Iterator[Judged]:
    """Every fault, in the order in which it is known what becomes of it."""
    placed: list[Placed] = []
    for fault in faults:
        try:
            placed.append(place(root, fault))
        except CannotBePlaced as problem:
            yield Judged(fault, "cannot be placed", str(problem))
    before = _before(placed, trees)
    sound: list[Placed] = []
    for each in placed:
        said = {node: _cases(node, before) for node in each.nodes}
        if missing := [node for node, cases in said.items() if not cases]:
            yield Judged(each.fault, "cannot be placed", f"there is no {', '.join(missing)}")
        elif bad := [node for node, cases in said.items() if cases != {"passed"}]:
            yield Judged(each.fault, "cannot be judged", f"without it, these do not pass either: {', '.join(bad)}")
        else:
            sound.append(each)
    yield from _judge_each(sound, trees)


def _before(placed: Sequence[Placed], trees: Sequence[Tree]) -> dict[str, running.Outcome]:
    """What the tests say without any fault; a name that pytest does not know would keep it from running the others."""
    nodes = list(dict.fromkeys(node for each in placed for node in each.nodes))
    known = dict.fromkeys(running.collected(trees[0], nodes)) if nodes else {}
    there = [node for node in nodes if _cases(node, known)]
    return running.outcomes(trees[0], there, len(trees)) if there else {}


def _cases(node: str, names: Mapping[str, T]) -> set[T]:
    """What is known of the test, or of all its cases."""
    return {known for name, known in names.items() if name == node or name.startswith(f"{node}[")}


def _judge_each(sound: Sequence[Placed], trees: Sequence[Tree]) -> Iterator[Judged]:
    free: SimpleQueue[Tree] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def judge_in_a_tree(placed: Placed) -> Judged:
        tree = free.get()
        try:
            return _judge(placed, tree)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        yield from pool.map(judge_in_a_tree, sound)


def _judge(placed: Placed, tree: Tree) -> Judged:
    with tree.broken_by(placed.edit):
        if not running.imports(tree, placed.edit.module):
            return Judged(placed.fault, "cannot be placed", f"{placed.edit.module} can't be imported with it")
        verdict = running.verdict(tree, placed.nodes)
    if verdict in ("passed", "failed"):
        return Judged(placed.fault, "caught" if verdict == "failed" else "NOT CAUGHT")
    why = "the tests do not end" if verdict == "endless" else "pytest could not run the tests"
    return Judged(placed.fault, "cannot be judged", why)
