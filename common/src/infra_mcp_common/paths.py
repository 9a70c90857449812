"""Where the suite keeps its files, and which local paths an argument may name."""

import os
from collections.abc import Iterable
from pathlib import Path

from infra_mcp_common import process
from infra_mcp_common.errors import InvalidInput, Refused

_LONGEST_PATH, _LONGEST_NAME = 4096, 255


def config_file(server: str) -> Path:
    """The operator's env file of one server."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "infra-mcp" / f"{server}.env"


def state_dir(*parts: str) -> Path:
    """A folder of ours for state, made on first use and private to this user (0700)."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    path = Path(base)
    for part in ("infra-mcp", *parts):
        path /= part
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    return path


def private_file(path: Path, flags: int = os.O_WRONLY | os.O_CREAT | os.O_TRUNC) -> int:
    """A descriptor of a file that only this user can read (0600), from the moment it exists."""
    return os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def roots(chosen: str) -> list[Path]:
    """The folders that local paths may lie in: those of the setting (separated by colons), else the client's project
    folder, else the working directory. Refused where the client's folders are on another machine.
    """
    names = [name for name in chosen.split(":") if name]
    if process.remote and not names:
        raise Refused(
            f"Over HTTP, local paths are those of {process.machine()}, where {process.script()} runs, not the client's;"
            " its operator has allowed no folder there.",
            "Ask the operator to set the allowed folders, or use this server on the client's own machine.",
        )
    return [Path(name) for name in names or [os.environ.get("CLAUDE_PROJECT_DIR") or str(Path.cwd())]]


def confined(path: str, roots: Iterable[Path], what: str = "path") -> Path:
    """The real path behind `path`, links resolved, if it lies in one of the roots.

    Raises InvalidInput for what can't be a path and Refused for one outside the roots.
    """
    if not path or "\0" in path:
        raise InvalidInput(f"The {what} is empty or holds a NUL character.", "Give an ordinary path.")
    if not _is_possible(path):
        raise InvalidInput(f"The {what} is longer, or odder, than any file's can be.", "Give an ordinary path.")
    allowed = [root.expanduser().resolve() for root in roots]
    expanded = Path(path).expanduser()
    real = (expanded if expanded.is_absolute() else allowed[0] / expanded).resolve() if allowed else expanded
    if any(real.is_relative_to(root) for root in allowed):
        return real
    listed = ", ".join(map(str, allowed)) or "none"
    where = f" of {process.machine()}, where this server runs" if process.remote else ""
    raise Refused(
        f"The {what} {real} is outside the allowed folders{where} ({listed}).", "Use a path inside one of them."
    )


def _is_possible(path: str) -> bool:
    """Whether the system could have a file there: looking for one that it couldn't is a fault of its own."""
    try:
        names = os.fsencode(path).split(os.fsencode(os.sep))
    except UnicodeEncodeError:
        return False
    return len(path) < _LONGEST_PATH and all(len(name) <= _LONGEST_NAME for name in names)
