"""What there is already: the servers of this checkout, their ports, and the names that are taken."""

import keyword
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAME = re.compile(r"[a-z][a-z0-9]*")
_WORDS = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class Refused(Exception):
    """Why nothing was written, a sentence."""


def servers() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("servers/*/pyproject.toml"))


def package(server: str) -> Path:
    return ROOT / f"servers/{server}/src/infra_mcp_{server}"


def next_port() -> int:
    """The port after the highest one."""
    texts = [(package(server) / "server.py").read_text("utf-8") for server in servers()]
    return max(int(port) for text in texts for port in re.findall(r"^    port=(\d+),$", text, re.MULTILINE)) + 1


def version() -> str:
    """The version that every package of this checkout has."""
    return str(tomllib.loads((ROOT / "common/pyproject.toml").read_text("utf-8"))["project"]["version"])


def check_server_name(name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Refused(f"{name!r} is no name for a server: lowercase letters and digits, a letter first.")
    if name in servers():
        raise Refused(f"There is a server {name} already.")


def check_server(name: str) -> None:
    if name not in servers():
        raise Refused(f"There is no server {name!r}; there are: {', '.join(servers())}.")


def check_words(what: str, name: str) -> None:
    if not _WORDS.fullmatch(name) or keyword.iskeyword(name):
        raise Refused(f"{name!r} is no name for a {what}: lowercase words, joined by underscores.")


def check_free(paths: Iterable[Path]) -> None:
    taken = [str(path.relative_to(ROOT)) for path in paths if path.exists()]
    if taken:
        raise Refused(f"There is {taken[0]} already.")


def write(texts: Mapping[Path, str]) -> None:
    """Write these files, and let ruff order imports and lay out what is Python."""
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    ruff = str(Path(sys.executable).with_name("ruff"))
    python = [str(path) for path in texts if path.suffix == ".py"]
    for command in (["check", "--quiet", "--select", "I,F401,F811", "--fix"], ["format", "--quiet"]):
        subprocess.run([ruff, *command, *python], cwd=ROOT, check=True)


def run(*command: str) -> None:
    """Run a command of this checkout, and say so."""
    print("+", *command, flush=True)
    subprocess.run([str(ROOT / command[0]), *command[1:]], cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
