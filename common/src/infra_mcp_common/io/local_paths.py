"""Which local paths an argument may name."""

import os
from collections.abc import Iterable
from pathlib import Path

from infra_mcp_common.errors import InvalidInput, Refused
from infra_mcp_common.runtime import current

_LONGEST_PATH, _LONGEST_NAME = 4096, 255


def roots(chosen: str) -> list[Path]:
    """The folders that local paths may lie in: those of the setting (separated by colons), else the client's project
    folder, else the working directory. Refused where the client's folders are on another machine.
    """
    runtime = current()
    names = [name for name in chosen.split(":") if name]
    if runtime.remote and not names:
        raise Refused(
            f"Over HTTP, local paths are those of {runtime.machine}, where {runtime.script} runs, not the client's;"
            " its operator has allowed no folder there.",
            "Ask the operator to set the allowed folders, or use this server on the client's own machine.",
        )
    return [Path(name) for name in names] or [runtime.paths.project]


def confined(path: str, roots: Iterable[Path], what: str = "path") -> Path:
    """The real path behind `path`, links resolved, if it lies in one of the roots.

    Raises InvalidInput for what can't be a path and Refused for one outside the roots.
    """
    if not path or "\0" in path:
        raise InvalidInput(f"The {what} is empty or holds a NUL character.", "Give an ordinary path.")
    if not _is_possible(path):
        raise InvalidInput(f"The {what} is longer, or odder, than any file's can be.", "Give an ordinary path.")
    runtime = current()
    allowed = [_absolute(root).resolve() for root in roots]
    expanded = runtime.paths.expand(path)
    real = (expanded if expanded.is_absolute() else allowed[0] / expanded).resolve() if allowed else expanded
    if any(real.is_relative_to(root) for root in allowed):
        return real
    listed = ", ".join(map(str, allowed)) or "none"
    where = f" of {runtime.machine}, where this server runs" if runtime.remote else ""
    raise Refused(
        f"The {what} {real} is outside the allowed folders{where} ({listed}).", "Use a path inside one of them."
    )


def _absolute(path: Path) -> Path:
    paths = current().paths
    return paths.working_directory / paths.expand(path)


def _is_possible(path: str) -> bool:
    """Whether the system could have a file there: looking for one that it couldn't is a fault of its own."""
    try:
        names = os.fsencode(path).split(os.fsencode(os.sep))
    except UnicodeEncodeError:
        return False
    return len(path) < _LONGEST_PATH and all(len(name) <= _LONGEST_NAME for name in names)
