"""`install-mcp.sh` with the real Claude Code and the real installers, in a home of its own and from a fresh clone."""

import sys
from pathlib import Path

import pytest

from support.installers import SERVERS, version
from support.machine import Machine, row
from support.tools import require

pytestmark = pytest.mark.full


@pytest.fixture
def real(bare: Machine, clone: Path) -> Machine:
    """A computer with Python and nothing else that installs."""
    # pip writes the path of its environment into a shell script, between double quotes; so no such quotes here.
    bare.home = bare.home.rename(bare.home.with_name("it's a home"))
    bare.has("python3", sys.executable)
    bare.checkout = clone.rename(clone.with_name("a clone"))
    bare.settings = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1"}
    return bare


def beside_python(program: str) -> Path:
    return Path(sys.executable).with_name(program)


def ours(machine: Machine) -> list[str]:
    """What is left of the suite; that pipx keeps its empty lock is its own affair."""
    named = [path for path in machine.tree() if "infra" in path or path.endswith("-mcp")]
    return [path for path in named if not path.endswith(".lock")]


def edit(machine: Machine) -> None:
    """Change a server and the common package, as an update of the checkout would, without a new version."""
    for package in ("servers/ssh/src/infra_mcp_ssh", "common/src/infra_mcp_common"):
        (machine.checkout / package / "edited.py").touch()


@pytest.mark.promise("installs-and-registers", "uninstall-takes-all-back")
def test_claude_code_is_connected_to_every_server_until_they_are_removed(real: Machine) -> None:
    real.has("claude", require("claude"))
    real.has("uv", beside_python("uv"))
    done = real.install()
    assert done.returncode == 0, done.stderr
    connected = [line.partition(":")[0] for line in list_servers(real).splitlines() if line.endswith("Connected")]
    assert connected == SERVERS
    assert list(real.home.rglob("mcp/cli/__pycache__/*.pyc")), "installed without bytecode, every start is slow"

    before = real.tree()
    again = real.install("--only", "ssh")
    assert (again.returncode, "\nNothing changed.\n" in again.stdout) == (0, True)
    real.install("--dry-run", "--read-only")
    real.install("--uninstall", "--dry-run")
    kept = {path: state for path, state in real.tree().items() if not path.startswith(".claude")}
    assert kept == {path: state for path, state in before.items() if not path.startswith(".claude")}

    assert real.install("--only", "ssh", "--read-only").returncode == 0
    assert "Args: --read-only" in real.run("claude", "mcp", "get", "ssh").stdout

    assert real.install("--uninstall").returncode == 0
    assert (ours(real), [line for line in list_servers(real).splitlines() if "-mcp" in line]) == ([], [])
    assert row(real.install("--only", "ssh"), "ssh")[1:4] == ["installed", "connected", "written"]


def list_servers(machine: Machine) -> str:
    return machine.run("claude", "mcp", "list").stdout


@pytest.mark.parametrize("installer", ["uv", "pipx", "venv"])
@pytest.mark.promise("installs-with-what-is-there", "update-by-running-again")
def test_each_installer_installs_updates_and_removes(real: Machine, installer: str) -> None:
    if installer != "venv":
        real.has(installer, beside_python(installer))
    done = real.install("--only", "ssh")
    assert done.returncode == 0, done.stderr
    assert real.run(real.command("ssh"), "--version").stdout == f"ssh-mcp {version('ssh')}\n"
    assert "\nNothing changed.\n" in real.install("--only", "ssh").stdout
    edit(real)
    assert row(real.install("--only", "ssh"), "ssh")[1] == "updated"
    assert {path.parent.name for path in real.home.rglob("edited.py")} == {"infra_mcp_ssh", "infra_mcp_common"}
    assert real.install("--uninstall").returncode == 0
    assert ours(real) == []
