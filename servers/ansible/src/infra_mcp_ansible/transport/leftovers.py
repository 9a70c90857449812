"""What a run leaves behind on this machine, ended and removed."""

import os
import pwd
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from infra_mcp_ansible.transport.command_lines import PLAYBOOK_PROCESS
from infra_mcp_ansible.transport.private_folder import alive, sockets


def end_shared_connections(work: Path) -> None:
    """End what keeps SSH connections open for further commands, for a minute without this. It calls itself so."""
    folder = sockets(work)
    if folder.is_dir() and any(folder.iterdir()):
        for pid, words, _ in _processes():
            if " ".join(words).startswith(f"ssh: {folder}/"):
                _kill(pid)


def clear(work: Path, began: float) -> None:
    """After a stop: kill the workers that are left, with what they run, and remove the modules of those killed before.

    began: a `time.time()` reading.
    """
    for pid, words, environment in _processes():
        if PLAYBOOK_PROCESS in words and environment.get("ANSIBLE_LOCAL_TEMP") == str(work):
            _kill(pid)
    # Ansible asks the system, not HOME, where the user is at home.
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    for folder in (home / ".ansible/tmp").glob("ansible-tmp-*-*-*"):
        made, worker = folder.name.split("-")[2:4]
        if began <= float(made) <= time.time() and not alive(worker):
            shutil.rmtree(folder, ignore_errors=True)


def _processes() -> Iterator[tuple[int, list[str], dict[str, str]]]:
    import psutil

    for process in psutil.process_iter():
        with suppress(psutil.Error):
            yield process.pid, process.cmdline(), process.environ()


def _kill(pid: int) -> None:
    """Kill a process, and its group where it leads one."""
    for signal_to in (os.kill, os.killpg):
        with suppress(OSError):
            signal_to(pid, signal.SIGKILL)
