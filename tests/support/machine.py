"""A computer of somebody who installs the servers: a home, the few programs on it, and what they were asked to do."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from support.installers import ROOT
from support.tools import require

# All that the installer needs besides bash; python3 and the like are added where a test has them.
BASICS = """
    awk basename bash cat chmod cksum cmp cut dirname env find grep head ln ls mkdir mktemp readlink rm rmdir sed sh
    sort tail touch tr uname
"""
STUBS = Path(__file__).parent / "stubs"
# Spaces, quotes and what a shell would run if it were handed over as a text.
AWKWARD = """it's a "home" $(touch pwned)"""


@dataclass
class Machine:
    """What the installer finds: `home`, and the programs in `tools`, which is all of its PATH."""

    home: Path
    tools: Path
    checkout: Path = ROOT
    settings: dict[str, str] = field(default_factory=dict)

    def has(self, name: str, program: str | Path) -> None:
        """Put a program of this computer onto that one."""
        (self.tools / name).symlink_to(program)

    def has_stub(self, name: str) -> None:
        stub = self.tools / name
        stub.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STUBS / name}.py" "$@"\n')
        stub.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """The home and the programs, how packages are got here, and nothing else of who runs the tests."""
        packages = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
        cache = os.environ.get("UV_CACHE_DIR") or str(Path.home() / ".cache/uv")
        own = {"HOME": str(self.home), "PATH": str(self.tools), "STUB_LOG": str(self.log), "UV_CACHE_DIR": cache}
        return packages | own | self.settings

    def install(self, *flags: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return self.run(self.checkout / "install-mcp.sh", *flags, **settings)

    def run(self, *command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            list(map(str, command)),
            cwd=self.home if self.home.is_dir() else self.tools,
            env=self.environment | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def log(self) -> Path:
        return self.tools.parent / "calls"

    def calls(self, program: str) -> list[list[str]]:
        """What a stub was asked to do."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [words[1:] for words in map(json.loads, lines) if words[0] == program]

    def tree(self) -> dict[str, str]:
        """Every file and link in the home, with its mode and a sum over its contents; caches left out."""
        files = [path for path in self.home.rglob("*") if ".cache" not in path.parts and not path.is_dir()]
        return {str(path.relative_to(self.home)): state(path) for path in files}

    def entry(self, name: str, scope: str = "user") -> list[str] | None:
        """The command that the stub of Claude Code has under this name."""
        registered = json.loads((self.home / ".claude.json").read_text())
        command: list[str] | None = registered[scope].get(name)
        return command

    def env_file(self, name: str) -> Path:
        return self.home / f".config/infra-mcp/{name}.env"

    def command(self, name: str) -> Path:
        return self.home / f".local/bin/{name}-mcp"


def state(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    return f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A computer without Python, without uv and without Claude Code."""
    home, tools = tmp_path / AWKWARD, tmp_path / "tools"
    home.mkdir()
    tools.mkdir()
    machine = Machine(home, tools)
    for name in BASICS.split():
        machine.has(name, require(name))
    return machine


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """A computer with Python, and with stand-ins for uv and Claude Code that answer at once."""
    bare.has("python3", sys.executable)
    bare.has_stub("uv")
    bare.has_stub("claude")
    return bare


def row(done: subprocess.CompletedProcess[str], server: str) -> list[str]:
    """What the table at the end says of a server, column by column."""
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"{server} ")]
    return [cell.strip() for cell in line.split("  ") if cell.strip()]
