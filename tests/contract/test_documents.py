"""What the README and SECURITY.md promise is proven by a test, and nothing else is called a promise."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.claude import Claude
from support.installers import Run
from support.suite import ROOT

DOCUMENTS = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "SECURITY.md")}
# Sections whose every point is a promise.
PROMISING = [("README.md", "What to expect of them"), ("SECURITY.md", "What holds"), ("SECURITY.md", "Over HTTP")]
PROMISE = re.compile(r"<!-- promise: (.*?) -->", re.DOTALL)
# What the commands of the README do is promised, and so tested, under these names.
COMMANDS = {
    "./install-mcp.sh": "installs-and-registers",
    "./install-mcp.sh --configure": "asks-and-tries",
    "pipx install ./servers/ssh": "two-commands-for-one-server",
    'claude mcp add ssh --scope user -- "$(command -v ssh-mcp)"': "two-commands-for-one-server",
    "uv tool install --compile-bytecode ./servers/ssh": "installs-by-hand",
    "pip install ./servers/ssh": "installs-by-hand",
    'export INFRA_MCP_API_KEY="$(openssl rand -hex 32)"': "speaks-http",
    "ssh-mcp --http 127.0.0.1:3003": "speaks-http",
    "claude mcp add --transport http --scope user ssh http://127.0.0.1:3003/mcp "
    '--header "Authorization: Bearer $INFRA_MCP_API_KEY"': "speaks-http",
}
NOT_RUN = {"scripts/test": "it runs this test"}


@pytest.fixture(scope="session")
def carried() -> set[str]:
    """The promises that tests say they prove, read from the code, so that a run of some tests knows those of all."""
    return {name for path in (ROOT / "tests").rglob("test_*.py") for name in promised_by(path)}


def promised_by(path: Path) -> Iterator[str]:
    """What is named where pytest heeds it: in a `pytest.mark.promise` on a test function of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            marks = [mark for mark in node.decorator_list if ast.unparse(mark).startswith("pytest.mark.promise(")]
            yield from (ast.literal_eval(name) for mark in marks if isinstance(mark, ast.Call) for name in mark.args)


def promised(text: str) -> set[str]:
    return {name for found in PROMISE.findall(text) for name in re.split(r",\s+", found)}


def test_every_promise_of_the_documents_is_carried_by_a_test_and_the_other_way_round(carried: set[str]) -> None:
    assert {name for text in DOCUMENTS.values() for name in promised(text)} == carried


@pytest.mark.parametrize(("document", "title"), PROMISING)
def test_every_point_of_a_section_that_promises_names_its_promises(document: str, title: str) -> None:
    section = DOCUMENTS[document].partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    points = re.findall(r"^- .*?(?=^\S|\Z)", section, re.MULTILINE | re.DOTALL)
    assert points
    assert [point for point in points if not promised(point)] == []


def test_every_command_of_the_readme_is_run_by_a_test_or_has_its_reason(carried: set[str]) -> None:
    shown = {line for block in blocks() for line in block.splitlines()}
    assert shown == COMMANDS.keys() | NOT_RUN.keys()
    assert set(COMMANDS.values()) <= carried


def blocks() -> list[str]:
    """The commands that the README shows, block by block."""
    return re.findall(r"^```\n(.*?)^```", DOCUMENTS["README.md"], re.MULTILINE | re.DOTALL)


@pytest.mark.full
@pytest.mark.promise("two-commands-for-one-server")
def test_the_two_commands_of_the_readme_install_a_server_and_register_it(
    clone: Path, home: Path, tmp_path: Path, run: Run, claude: Claude
) -> None:
    (block,) = [block for block in blocks() if "claude mcp add ssh " in block]
    path = os.pathsep.join([str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    config = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "PATH": path}
    run("bash", "-ec", block, cwd=clone, **config)
    (line,) = [line for line in claude("mcp", "list").splitlines() if line.startswith("ssh:")]
    assert line.startswith(f"ssh: {tmp_path}/bin/ssh-mcp")
    assert line.endswith("Connected")
