"""What the commands for a new server and a new tool write works at once, and passes what every server has to pass."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberate_faults.trees import Tree
from generators import contracts
from support.suite import ROOT, SERVERS

NAME = "example"
CONTRACT = ["tests/contract", f"tests/servers/{NAME}", "tests/tooling/test_deliberate_faults.py"]


class Checkout:
    """A copy of this checkout, its own sources in front."""

    def __init__(self, folder: Path) -> None:
        self.tree = Tree(ROOT, folder)

    @property
    def folder(self) -> Path:
        return self.tree.folder

    def run(self, *arguments: str) -> str:
        """Run Python with these arguments in the copy; what it printed. It must end well."""
        paths = [self.folder / "scripts", self.folder / "tests"]
        environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | {
            "PATH": f"{self.tree.python.parent}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "MYPYPATH": os.pathsep.join(map(str, self.folder.glob("*/**/src"))),
        }
        command = [str(self.tree.python), *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
        return done.stdout

    def install(self, server: str) -> None:
        """As scripts/setup does, but into this copy alone, and from nowhere."""
        options = ["--quiet", "--offline", "--no-sources", "--no-deps", "--no-build-isolation"]
        uv = [str(self.tree.python.with_name("uv")), "pip", "install", "--python", str(self.tree.python), *options]
        subprocess.run([*uv, "--editable", f"servers/{server}"], cwd=self.folder, check=True)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy with a new server, which got a new tool of each class, and a new tool in one that was there."""
    made = Checkout(tmp_path_factory.mktemp("generators") / "checkout")
    made.run("-m", "generators.server", NAME, "--title", "Example (one of many)", "--files-only")
    made.install(NAME)
    for kind in ("read", "write", "destructive"):
        noun = "items" if kind == "write" else "shelves"
        made.run("-m", "generators.tool", NAME, f"{kind}_shelf", "--noun", noun, "--kind", kind, "--files-only")
    made.run("-m", "generators.tool", "ssh", "list_services", "--files-only")
    made.run("-m", "manifests", "--sizes")
    made.run("scripts/checks/generated.py")
    return made


@pytest.mark.full
def test_a_new_server_and_new_tools_pass_every_check(checkout: Checkout) -> None:
    new = [
        f"servers/{NAME}/src",
        f"scripts/sandbox/{NAME}",
        f"tests/servers/{NAME}",
        f"tests/contract/worlds/{NAME}.py",
    ]
    new += [f"scripts/{kind}/parts/{NAME}.py" for kind in ("demos", "benches")] + [f"tests/support/scenes/{NAME}.py"]
    ssh = [f"servers/ssh/src/infra_mcp_ssh/{room}/services.py" for room in ("tools", "answers", "transport")]
    checkout.run("-m", "ruff", "check", *new, *ssh)
    checkout.run("-m", "ruff", "format", "--check", *new, *ssh)
    checkout.run("-m", "mypy", *new, *ssh)
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    checkout.run("-c", lint)
    checkout.run("-m", "manifests", "--check")
    checkout.run("scripts/checks/generated.py", "--check")


@pytest.mark.full
def test_a_new_server_and_new_tools_keep_every_promise(checkout: Checkout) -> None:
    chosen = f"{NAME} or (test_shape and (one_set or copies)) or (test_surface and ssh) or every_distribution"
    said = checkout.run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadgroup", *CONTRACT, "-k", chosen
    )
    assert "skipped" not in said.splitlines()[-1]
    checkout.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/servers/ssh/test_services.py")


@pytest.mark.full
def test_the_demo_and_the_scene_of_a_new_server_end_as_they_say(checkout: Checkout) -> None:
    assert "it is gone" in checkout.run("-m", "demos", NAME)
    assert "status, again" in checkout.run("-m", "benches", NAME, "--rounds", "0", "--no-peers")


@pytest.fixture
def untouched() -> Iterator[None]:
    """Whatever is tried leaves this checkout as it is."""
    before = status()
    yield
    assert status() == before


def status() -> str:
    command = ["git", "status", "--porcelain=v1", "--untracked-files=all"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["new-server", "ssh"], "There is a server ssh already."),
        (["new-server", "Lab"], "'Lab' is no name for a server: lowercase letters and digits, a letter first."),
        (
            ["new-server", "home-lab"],
            "'home-lab' is no name for a server: lowercase letters and digits, a letter first.",
        ),
        (["new-server", "kubernetes"], "There is scripts/sandbox/kubernetes/__init__.py already."),
        (["new-server", "lab", "--title", 'A "lab"'], "'A \"lab\"' is no title: at most 40 letters"),
        (["new-tool", "lab", "list_items"], "There is no server 'lab'; there are: ansible, "),
        (["new-tool", "ssh", "listItems"], "is one word"),
        (["new-tool", "ssh", "List_items"], "'List_items' is no name for a tool: lowercase words"),
        (["new-tool", "ssh", "list_hosts"], "tools/hosts.py has list_hosts already."),
        (["new-tool", "ssh", "show_doctor"], "A module tools/doctor.py would hide another one"),
        (["new-tool", "ssh", "show_it", "--noun", "../it"], "'../it' is no name for a noun"),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_what_can_not_be_is_refused_in_one_line(command: list[str], said: str) -> None:
    script, *arguments = command
    refused = subprocess.run([ROOT / "scripts" / script, *arguments], check=False, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"scripts/{script}: ")
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_package_comes_into_every_list_of_servers_and_into_no_other() -> None:
    lists = contracts.with_package((ROOT / "pyproject.toml").read_text("utf-8"), "infra_mcp_example")
    assert lists.count('    "infra_mcp_example",\n') == lists.count(f'    "infra_mcp_{SERVERS[0]}",\n') > 1
    assert lists.replace('    "infra_mcp_example",\n', "") == (ROOT / "pyproject.toml").read_text("utf-8")
