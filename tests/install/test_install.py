"""Each way to install a server from a fresh clone gives a command that works, and goes on working without the clone."""

import shutil
from pathlib import Path

import pytest

from support.installers import SERVERS, Run, version
from support.selection import everyday

WAYS = {
    "pipx": ["pipx", "install", "--quiet", "./servers/{server}"],
    "pipx on pip": ["pipx", "install", "--quiet", "--backend", "pip", "./servers/{server}"],
    "pipx from git": ["pipx", "install", "--quiet", "git+file://{clone}#subdirectory=servers/{server}"],
    "uv tool": ["uv", "tool", "install", "--quiet", "./servers/{server}"],
}
# Each way is proven with one server; the fastest also with every other.
CASES = [(way, "ssh") for way in WAYS] + [("uv tool", server) for server in SERVERS if server != "ssh"]


@pytest.mark.parametrize(("way", "server"), everyday(("uv tool", "ssh"), CASES))
@pytest.mark.promise("installs-by-hand")
def test_an_installed_server_outlives_its_clone(clone: Path, tmp_path: Path, run: Run, way: str, server: str) -> None:
    run(*(part.format(clone=clone, server=server) for part in WAYS[way]), cwd=clone)
    shutil.rmtree(clone)
    assert run(tmp_path / f"bin/{server}-mcp", "--version") == f"{server}-mcp {version(server)}\n"


@pytest.mark.full
@pytest.mark.promise("installs-by-hand")
def test_pip_installs_a_server_that_outlives_its_clone(clone: Path, tmp_path: Path, run: Run) -> None:
    run("uv", "venv", "--quiet", "--seed", tmp_path / "venv")
    run(tmp_path / "venv/bin/pip", "install", "--quiet", "./servers/ssh", cwd=clone)
    shutil.rmtree(clone)
    assert run(tmp_path / "venv/bin/ssh-mcp", "--version") == f"ssh-mcp {version('ssh')}\n"
