"""A clone of this checkout as it would be committed now, and package installers that touch nobody's tools."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVERS = sorted(path.name for path in (ROOT / "servers").iterdir() if (path / "pyproject.toml").is_file())
Run = Callable[..., str]


def version(server: str) -> str:
    return version_of(ROOT / "servers" / server)


def version_of(package: Path) -> str:
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose one commit holds every file that git does not ignore here."""
    repository = tmp_path_factory.mktemp("origin")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in names:
        if (ROOT / name).is_file():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, repository / name)
    git = ["git", "-C", str(repository), "-c", "user.name=Test", "-c", "user.email=test@localhost"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--no-verify", "-m", "Everything"]):
        subprocess.run([*git, *arguments], check=True)
    return repository


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", origin.as_uri(), folder], check=True)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_in(tmp_path)


def run_in(folder: Path) -> Run:
    """Make a function that runs a command there and returns what it printed.

    Programs of the development environment are on its PATH; pipx and uv put the commands that they install into `bin`.
    """
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PIPX_HOME": str(folder / "pipx"),
        "PIPX_BIN_DIR": str(folder / "bin"),
        "PIPX_MAN_DIR": str(folder / "man"),
        "UV_TOOL_DIR": str(folder / "uv"),
        "UV_TOOL_BIN_DIR": str(folder / "bin"),
    }

    def run(*command: str | Path, cwd: Path = folder, **settings: str) -> str:
        env = environment | settings
        done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace")
            pytest.fail(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{said}")
        return done.stdout.decode()

    return run
