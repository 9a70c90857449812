"""A private folder for the files of one run, gone when it ends; what a killed server left goes with the next run."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra_mcp_common.paths import private_file, state_dir


@contextmanager
def workdir() -> Iterator[Path]:
    home = state_dir("ansible", "work")
    _sweep(home)
    folder = home / f"{os.getpid()}-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_private(path: Path, text: str) -> Path:
    with os.fdopen(private_file(path), "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _sweep(home: Path) -> None:
    for folder in home.iterdir():
        if not _alive(int(folder.name.partition("-")[0])):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
