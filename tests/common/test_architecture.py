"""The house as CONTRIBUTING.md draws it: which module may import which, and what only one of them may do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.suite import ROOT, SERVERS

COMMON = ROOT / "common/src/infra_mcp_common"
HEAVY = {"requests", "asyncssh", "websockets", "ansible_runner", "python_terraform", "dotenv", "yaml", "cryptography"}


def package(name: str) -> Path:
    return ROOT / f"servers/{name}/src/infra_mcp_{name}"


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Each imported module of ours or others, and whether it is imported when the module is."""
    tree = ast.parse(path.read_text("utf-8"))
    lazy = {id(node) for outer in ast.walk(tree) if _defers(outer) for node in ast.walk(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", id(node) not in lazy) for alias in node.names)


def _defers(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def test_the_common_layer_knows_no_server() -> None:
    wrong = [
        (path.name, name)
        for path in modules(COMMON)
        for name, _ in imported(path)
        if name.startswith("infra_mcp_") and not name.startswith("infra_mcp_common")
    ]
    assert wrong == []


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_knows_itself_and_the_common_layer_only(server: str) -> None:
    own = (f"infra_mcp_{server}", "infra_mcp_common")
    wrong = [
        (path.name, name)
        for path in modules(package(server))
        for name, _ in imported(path)
        if name.startswith("infra_mcp_") and not name.startswith(own)
    ]
    assert wrong == []


@pytest.mark.parametrize("server", SERVERS)
def test_nothing_below_the_tools_knows_a_tool(server: str) -> None:
    wrong = [
        (path.name, name)
        for path in modules(package(server))
        for name, _ in imported(path)
        if name.startswith(f"infra_mcp_{server}.tools") and "tools" not in path.parts and path.name != "server.py"
    ]
    assert wrong == []


@pytest.mark.parametrize("server", SERVERS)
def test_a_tool_has_no_environment_no_subprocess_and_no_try(server: str) -> None:
    wrong = []
    for path in modules(package(server) / "tools"):
        tree = ast.parse(path.read_text("utf-8"))
        wrong += [(path.name, f"line {node.lineno}") for node in ast.walk(tree) if isinstance(node, ast.Try)]
        wrong += [(path.name, name) for name, _ in imported(path) if name.split(".")[0] in {"os", "subprocess"}]
    assert wrong == []


@pytest.mark.parametrize("folder", [COMMON, *map(package, SERVERS)], ids=lambda folder: folder.name)
def test_heavy_libraries_are_imported_where_they_are_used(folder: Path) -> None:
    wrong = [
        (path.name, name)
        for path in modules(folder)
        for name, at_once in imported(path)
        if at_once and name.split(".")[0] in HEAVY
    ]
    assert wrong == []


@pytest.mark.parametrize("server", SERVERS)
def test_only_the_settings_name_the_environment(server: str) -> None:
    prefix = ("os.environ", "os.getenv")
    wrong = [
        path.name
        for path in modules(package(server))
        if path.name != "settings.py" and any(word in path.read_text("utf-8") for word in prefix)
    ]
    assert wrong == []


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_is_composed_in_few_lines(server: str) -> None:
    lines = (package(server) / "server.py").read_text("utf-8").splitlines()
    assert len(lines) <= 80
    assert (package(server) / "__init__.py").read_text("utf-8").count("import") == 0
