"""One house: every server has the same rooms and the same companions, and CONTRIBUTING.md tells of them truly."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.worlds.all import WORLDS
from sandbox.client import load
from support.suite import ROOT, SERVERS

COMMON = ROOT / "common/src/infra_mcp_common"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
HEAVY = {"requests", "asyncssh", "websockets", "ansible_runner", "python_terraform", "dotenv", "yaml", "cryptography"}
BESIDE = {"__init__", "__main__", "manifest", "py"}
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]


def package(name: str) -> Path:
    return ROOT / f"servers/{name}/src/infra_mcp_{name}"


def layers(contract: str) -> set[str]:
    """The rooms that an import contract names."""
    (found,) = [each for each in CONTRACTS if each["name"] == contract]
    return set(re.findall(r"\w+", " ".join(found["layers"]))) - BESIDE


def inside(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.is_file() or list(path.rglob("*.py"))} - BESIDE


def told(heading: str) -> set[str]:
    """The rooms in the first column of the table below a heading of CONTRIBUTING.md."""
    section = CONTRIBUTING.partition(f"### {heading}\n")[2].partition("\n#")[0]
    return {name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_has_the_rooms_and_nothing_beside_them(server: str) -> None:
    rooms = layers("The rooms of a server")
    assert inside(package(server)) <= rooms
    assert inside(package(server)) >= rooms - {"safety"}


def test_the_map_of_contributing_names_every_room() -> None:
    assert told("The rooms of a server") == layers("The rooms of a server")
    assert told("The rooms of the common layer") == inside(COMMON)


def test_the_picture_of_contributing_shows_no_room_that_is_not_there() -> None:
    (picture,) = re.findall(r"```mermaid\n(.*?)```", CONTRIBUTING, re.DOTALL)
    shown = set(re.findall(r"\w+", re.sub(r"\(\[.*?\]\)|flowchart TD", "", picture))) - {"client", "system"}
    assert shown == layers("The rooms of a server")


def test_servers_and_what_accompanies_each_are_one_set() -> None:
    companions = {
        "a world in tests/contract/worlds": set(WORLDS),
        "a part of the demo in scripts/demos/parts": inside(ROOT / "scripts/demos/parts"),
        "a part of the benchmark in scripts/benches/parts": inside(ROOT / "scripts/benches/parts") - {"start", "http"},
        "a scene in tests/support/scenes": inside(ROOT / "tests/support/scenes") - {"base"},
        "tests in tests/servers": inside(ROOT / "tests/servers"),
        "a port": {name for name in SERVERS if load(name).port},
        **{
            f"its package in the contract {contract['name']!r} of pyproject.toml": {
                name.removeprefix("infra_mcp_") for name in contract.get("containers") or contract["modules"]
            }
            for contract in CONTRACTS
            if contract["name"] in ("The rooms of a server", "No server knows another one")
        },
    }
    assert {what: set(SERVERS) ^ found for what, found in companions.items() if found != set(SERVERS)} == {}
    assert len({load(name).port for name in SERVERS}) == len(SERVERS)


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_is_entered_through_the_launcher(server: str) -> None:
    project = tomllib.loads((ROOT / "servers" / server / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {f"{server}-mcp": f"infra_mcp_{server}.__main__:main"}


def test_the_entries_are_copies_of_one_another() -> None:
    entries = {server: package(server) / "__main__.py" for server in SERVERS}
    missing = [server for server, entry in entries.items() if not entry.is_file()]
    assert not missing, "copy __main__.py from another server, and end server.py with SERVER"
    same = len({entry.read_bytes() for entry in entries.values()}) == 1
    assert same, "servers/*/src/*/__main__.py differ; copy one of them over the others"


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_is_composed_in_few_lines(server: str) -> None:
    assert len((package(server) / "server.py").read_text("utf-8").splitlines()) <= 80
    assert (package(server) / "__init__.py").read_text("utf-8").count("import") == 0


@pytest.mark.parametrize("server", SERVERS)
def test_a_tool_has_no_environment_no_program_and_no_try(server: str) -> None:
    wrong = []
    for path in modules(package(server) / "tools"):
        tree = ast.parse(path.read_text("utf-8"))
        wrong += [(path.name, f"line {node.lineno}") for node in ast.walk(tree) if isinstance(node, ast.Try)]
        wrong += [(path.name, name) for name, _ in imported(path) if name.split(".")[0] in {"os", "subprocess"}]
    assert wrong == []


@pytest.mark.parametrize("folder", [COMMON, *map(package, SERVERS)], ids=lambda folder: folder.name)
def test_heavy_libraries_are_imported_where_they_are_used(folder: Path) -> None:
    found = {path: list(imported(path)) for path in modules(folder)}
    loaded = {name for names in found.values() for name, at_once in names if at_once}
    wrong = [
        (path.name, name)
        for path, names in found.items()
        for name, at_once in names
        if at_once and name.split(".")[0] in HEAVY and any(f".{path.stem}." in f"{each}." for each in loaded)
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", [COMMON, *map(package, SERVERS)], ids=lambda folder: folder.name)
def test_nothing_but_the_start_of_a_process_reads_the_environment_of_the_process(folder: Path) -> None:
    reads = re.compile(r"os\.(environ|getenv)|Path\.(home|cwd)\(|\bexpanduser\(|os\.getcwd\(")
    allowed = {"launcher/start.py", "server.py", "paths.py"} if folder == COMMON else set()
    found = {str(path.relative_to(folder)) for path in modules(folder) if reads.search(path.read_text("utf-8"))}
    assert found <= allowed


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
