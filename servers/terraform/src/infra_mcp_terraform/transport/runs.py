"""One run per directory at a time, on this machine, and the way to find a run again that outlived its server.

A lock file says that some server is at work there; a note beside it says who, since when, and which process. When a
server is stopped in the middle of an apply, terraform has been asked to stop but needs its time to save the state:
the note stays, so the next call sees that run, or what it had applied by its end.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import anyio

from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current
from infra_mcp_terraform.domain.documents import Value
from infra_mcp_terraform.domain.events import done_in, events_of
from infra_mcp_terraform.domain.runs import MOST_NAMES, Interrupted, RunNote
from infra_mcp_terraform.transport.errors import DirectoryBusy
from infra_mcp_terraform.transport.projects import Project
from infra_mcp_terraform.transport.run_notes import born, read, write

_CHANGING = ("apply", "destroy")
_TELLING = ("plan", *_CHANGING)
_VARIABLES = "variables.tfvars.json"
_SECRET = ("plan", _VARIABLES)
# A run that is just being cleared away is waited for; one that goes on is not.
_PATIENCE, _LOOK_SECONDS = 1.0, 0.05


@dataclass
class Slot:
    """The right to run terraform in a directory. interrupted: what an earlier apply left there."""

    project: Project
    folder: Path
    note: RunNote
    interrupted: Interrupted | None = None

    def note_process(self, pid: int) -> None:
        self.note = replace(self.note, process=pid, born=born(pid))
        write(self.folder / "note", self.note)

    def write_variables(self, variables: dict[str, Value]) -> Path:
        path = self.folder / _VARIABLES
        write(path, variables)
        return path

    def clear(self, *kept: str) -> None:
        for path in self.folder.iterdir():
            if path.name not in ("lock", *kept):
                path.unlink(missing_ok=True)


@asynccontextmanager
async def claim(project: Project, tool: str) -> AsyncIterator[Slot]:
    """Be the only one at work in a directory; DirectoryBusy says who is."""
    _sweep(current().paths.state("terraform", "runs"))
    name = hashlib.sha256(str(project.directory).encode()).hexdigest()[:16]
    folder = current().paths.state("terraform", "runs", name)
    with _lock_file(folder) as lock:
        await _acquire(lock, folder)
        note = RunNote(tool, datetime.now(UTC).isoformat(timespec="seconds"))
        slot = Slot(project, folder, note, _left_behind(folder))
        write(folder / "note", note)
        kept = ["note", "stdout", "interrupted"] if tool in _CHANGING else ["interrupted"]
        try:
            yield slot
            kept = [] if tool in _TELLING else ["interrupted"]
        except Exception:
            kept = ["interrupted"]
            raise
        finally:
            slot.clear(*kept)


def interrupted() -> list[Interrupted]:
    """The applies that were stopped before their end and that nobody has planned after."""
    folders = current().paths.state("terraform", "runs")
    found = [read(path, Interrupted) for path in sorted(folders.glob("*/interrupted"))]
    return [each for each in found if each]


@contextmanager
def _lock_file(folder: Path) -> Iterator[int]:
    lock = private_file(folder / "lock", os.O_RDWR | os.O_CREAT)
    try:
        yield lock
    finally:
        os.close(lock)


async def _acquire(lock: int, folder: Path) -> None:
    patience = time.monotonic() + _PATIENCE
    while not _locked(lock):
        if time.monotonic() > patience:
            raise _busy(read(folder / "note", RunNote), "Wait for its end, then call again.")
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
        with _lock_file(path.parent) as lock:
            if _locked(lock) and not _is_running(read(path.with_name("note"), RunNote)):
                path.unlink(missing_ok=True)


def _is_running(note: RunNote | None) -> bool:
    return note is not None and note.born is not None and born(note.process) == note.born


def _left_behind(folder: Path) -> Interrupted | None:
    """What an earlier apply had done when it was stopped. Refuses as long as its terraform is still running."""
    note = read(folder / "note", RunNote)
    if note is not None and _is_running(note):
        raise _busy(note, f"Its server is gone. Wait for its end; to stop it yourself: kill -INT -{note.process}")
    if note is not None and note.tool in _CHANGING and (folder / "stdout").is_file():
        done = done_in(events_of((folder / "stdout").read_text("utf-8", "replace")))
        write(folder / "interrupted", Interrupted(note.tool, note.since, tuple(done[:MOST_NAMES]), len(done)))
    return read(folder / "interrupted", Interrupted)


def _busy(note: RunNote | None, advice: str) -> DirectoryBusy:
    tool, since = (note.tool, note.since) if note else ("another call", "just now")
    problem = f"{tool} is at work in this directory since {since}."
    return DirectoryBusy(problem, advice, tool=tool, since=since, pid=note.process if note else None)
