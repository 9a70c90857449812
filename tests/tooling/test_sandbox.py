"""The embedded infrastructure runs wherever the servers do: demos need no package that only tests need."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from support.installers import SERVERS

SANDBOX = Path(__file__).parents[2] / "scripts/sandbox"


def imported(file: Path) -> Iterator[str]:
    """The packages that a module imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def needed_by(distribution: str, known: set[str]) -> set[str]:
    """A distribution and all that come with it on this machine."""
    name = re.sub(r"[-_.]+", "-", distribution).lower()
    if name not in known:
        try:
            lines = requires(name) or []
        except PackageNotFoundError:  # for another platform
            return known
        known.add(name)
        for line in lines:
            if "extra ==" not in line:
                needed_by(re.split(r"[^\w.-]", line, maxsplit=1)[0], known)
    return known


def test_the_sandbox_imports_nothing_but_what_the_servers_bring() -> None:
    known: set[str] = set()
    for server in SERVERS:
        needed_by(f"infra-mcp-{server}", known)
    brought = {
        name for name, packages in packages_distributions().items() if {each.lower() for each in packages} & known
    }
    files = list(SANDBOX.rglob("*.py"))
    # What is installed from this checkout lists no packages.
    ours = {"sandbox", "infra_mcp_common"}
    foreign = {name for file in files for name in imported(file)} - brought - sys.stdlib_module_names - ours
    assert len(files) > 40
    assert not foreign
