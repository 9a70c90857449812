"""Notes about runs on disk, private to this user, and whether the process that one names still lives."""

import json
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import TypeVar

from infra_mcp_common.paths import private_file
from infra_mcp_terraform.domain.documents import Value
from infra_mcp_terraform.domain.runs import Interrupted, RunNote

_T = TypeVar("_T", RunNote, Interrupted)


def write(path: Path, data: "dict[str, Value] | RunNote | Interrupted") -> None:
    with os.fdopen(private_file(path), "w", encoding="utf-8") as file:
        json.dump(data if isinstance(data, dict) else asdict(data), file)


def read(path: Path, kind: type[_T]) -> _T | None:
    """The note, or None where there is none that can be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return kind(**{field.name: found[field.name] for field in fields(kind) if field.name in found})
    except (OSError, ValueError, TypeError):
        return None


def born(pid: int | None) -> str | None:
    """When a living process started; where there is no /proc, whether it leads a session as our runs do."""
    if pid is None:
        return None
    try:
        if not Path("/proc/self/stat").exists():
            return "session" if os.getsid(pid) == pid else None
        words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if words[0] == "Z" else words[19]
