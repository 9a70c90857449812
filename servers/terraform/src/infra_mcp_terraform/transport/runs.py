"""One run per directory at a time, on this machine, and the way to find a run again that outlived its server.

A lock file says that some server is at work there; a note beside it says who, since when, and which process. When a
server is stopped in the middle of an apply, terraform has been asked to stop but needs its time to save the state:
the note stays, so the next call sees that run, or what it had applied by its end.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio

from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current
from infra_mcp_terraform.answers.models import Interrupted
from infra_mcp_terraform.domain.events import done_in
from infra_mcp_terraform.transport.errors import DirectoryBusy

_CHANGING = ("apply", "destroy")
_TELLING = ("plan", *_CHANGING)
_SECRET = ("plan", "variables.tfvars.json")
_MOST_NAMES = 50
# A run that is just being cleared away is waited for; one that goes on is not.
_PATIENCE, _LOOK_SECONDS = 1.0, 0.05


@dataclass
class Note:
    """Who is at work. process: terraform's id, which is that of its group; born: when it started, in clock ticks."""

    tool: str
    since: str
    server: int = field(default_factory=os.getpid)
    process: int | None = None
    born: str | None = None


@dataclass
class Slot:
    """The right to run terraform in a directory. interrupted: what an earlier apply left there."""

    directory: Path
    folder: Path
    note: Note
    interrupted: Interrupted | None = None

    def note_process(self, pid: int) -> None:
        self.note.process, self.note.born = pid, _born(pid)
        _write(self.folder / "note", asdict(self.note))

    def write_variables(self, variables: dict[str, Any]) -> Path:
        path = self.folder / _SECRET[1]
        _write(path, variables)
        return path

    def clear(self, *kept: str) -> None:
        for path in self.folder.iterdir():
            if path.name not in ("lock", *kept):
                path.unlink(missing_ok=True)


@asynccontextmanager
async def claim(directory: Path, tool: str) -> AsyncIterator[Slot]:
    """Be the only one at work in a directory; DirectoryBusy says who is."""
    runs = current().paths.state("terraform", "runs")
    _sweep(runs)
    folder = current().paths.state("terraform", "runs", hashlib.sha256(str(directory).encode()).hexdigest()[:16])
    lock = private_file(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        await _acquire(lock, folder)
        note = Note(tool, datetime.now(UTC).isoformat(timespec="seconds"))
        slot = Slot(directory, folder, note, _left_behind(folder))
        _write(folder / "note", asdict(slot.note))
        kept = ["note", "stdout", "interrupted"] if tool in _CHANGING else ["interrupted"]
        try:
            yield slot
            kept = [] if tool in _TELLING else ["interrupted"]
        except Exception:
            kept = ["interrupted"]
            raise
        finally:
            slot.clear(*kept)
    finally:
        os.close(lock)


async def _acquire(lock: int, folder: Path) -> None:
    patience = time.monotonic() + _PATIENCE
    while not _locked(lock):
        if time.monotonic() > patience:
            raise _busy(_read(folder / "note"), "Wait for its end, then call again.")
        await anyio.sleep(_LOOK_SECONDS)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sweep(runs: Path) -> None:
    """Remove files with secrets that killed servers have left, once their terraform has ended too."""
    for path in [found for name in _SECRET for found in runs.glob(f"*/{name}")]:
        lock = private_file(path.with_name("lock"), os.O_RDWR | os.O_CREAT)
        try:
            if _locked(lock) and not _is_running(_read(path.with_name("note"))):
                path.unlink(missing_ok=True)
        finally:
            os.close(lock)


def _is_running(note: dict[str, Any]) -> bool:
    process, born = note.get("process"), note.get("born")
    return process is not None and born is not None and _born(process) == born


def _left_behind(folder: Path) -> Interrupted | None:
    """What an earlier apply had done when it was stopped. Refuses as long as its terraform is still running."""
    note = _read(folder / "note")
    if _is_running(note):
        advice = f"Its server is gone. Wait for its end; to stop it yourself: kill -INT -{note['process']}"
        raise _busy(note, advice)
    if note.get("tool") in _CHANGING and (folder / "stdout").is_file():
        done = done_in((folder / "stdout").read_text("utf-8", "replace"))
        told = Interrupted(tool=note["tool"], began=note["since"], applied=done[:_MOST_NAMES], applied_count=len(done))
        _write(folder / "interrupted", told.model_dump())
    found = _read(folder / "interrupted")
    return Interrupted.model_validate(found) if found else None


def _busy(note: dict[str, Any], advice: str) -> DirectoryBusy:
    tool, since = note.get("tool", "another call"), note.get("since", "just now")
    problem = f"{tool} is at work in this directory since {since}."
    return DirectoryBusy(problem, advice, tool=tool, since=since, pid=note.get("process"))


def _born(pid: int) -> str | None:
    """When a living process started; where there is no /proc, whether it leads a session as our runs do."""
    try:
        if not Path("/proc/self/stat").exists():
            return "session" if os.getsid(pid) == pid else None
        words = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if words[0] == "Z" else words[19]


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, data: dict[str, Any]) -> None:
    with os.fdopen(private_file(path), "w", encoding="utf-8") as file:
        json.dump(data, file)
