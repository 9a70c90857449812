"""Programs that the tests drive, and what becomes of the processes they start."""

import os
import shutil
import time
from collections.abc import Callable

import psutil
import pytest

from support.skips import missing

# Where daemons live is not on everybody's PATH.
_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])


def require(name: str) -> str:
    """Find a program by name, or skip the test with that reason."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        missing(name)
    return found


def wait_for(condition: Callable[[], object], what: str, seconds: float = 10) -> None:
    """Wait until the condition holds, or fail saying what did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds} s in vain: {what}")
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Tell whether this process lives; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(processes: list[psutil.Process]) -> None:
    """Kill these processes, frozen or not, and wait until they are gone."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=60)
