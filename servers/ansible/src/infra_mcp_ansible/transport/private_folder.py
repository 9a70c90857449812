"""A private folder for the files of one run, gone when it ends; what a killed server left goes with the next run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra_mcp_ansible import settings
from infra_mcp_common.paths import private_file

_PREFIX = "ansible-mcp-"
# The sockets of shared SSH connections lie in it, whose paths may have about a hundred characters.
_LONGEST_BASE = 50


@contextmanager
def private_folder() -> Iterator[Path]:
    base = _base()
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_private(path: Path, text: str) -> Path:
    with os.fdopen(private_file(path), "w", encoding="utf-8") as file:
        file.write(text)
    return path


def sockets(work: Path) -> Path:
    """Where SSH connections that several commands share are found."""
    return work / "ssh"


def temporary_folders(work: Path) -> dict[str, str | None]:
    """For the environment of a run: where Ansible, and what it starts on this machine, leave things lying about."""
    folders = {"ANSIBLE_LOCAL_TEMP": work, "TMPDIR": work / "tmp", "ANSIBLE_SSH_CONTROL_PATH_DIR": sockets(work)}
    for folder in folders.values():
        folder.mkdir(mode=0o700, exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}


def _base() -> Path:
    named = settings.temporary_folder()
    usable = named and len(str(named)) <= _LONGEST_BASE and os.access(named, os.W_OK | os.X_OK)
    return named if named and usable else Path("/tmp")  # noqa: S108 -- the folder made there is private


def _sweep(base: Path) -> None:
    for folder in base.glob(f"{_PREFIX}*-*"):
        if folder.lstat().st_uid == os.getuid() and not alive(folder.name.split("-")[2]):
            shutil.rmtree(folder, ignore_errors=True)


def alive(pid: str) -> bool:
    """Whether there is a process with this number; true for what is no number."""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError, OverflowError):
        return True
    return True
