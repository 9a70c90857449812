"""The tests that faults name: found by the name of the function, wherever under tests/ its file lies."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from deliberate_faults.places import CannotBePlaced


def node_id(root: Path, test: str) -> str:
    """What pytest calls the test `name` or `name[case]`; raises CannotBePlaced where the name is not that of one."""
    name, bracket, case = test.partition("[")
    files = _files(root).get(name, [])
    if len(files) != 1:
        where = ", ".join(str(path.relative_to(root)) for path in files) or "nowhere"
        raise CannotBePlaced(f"the test {name} must be in one file and is in: {where}")
    return f"{files[0].relative_to(root)}::{name}{bracket}{case}"


@cache
def _files(root: Path) -> dict[str, list[Path]]:
    found = defaultdict(list)
    for path in sorted((root / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found[node.name].append(path)
    return found
