"""A person at a terminal: reads what a program asks and types the answers."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# Makes the terminal the one that passwords are read from.
_AT_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def converse(
    command: Sequence[str | Path], answers: Sequence[tuple[str, str]], *, env: Mapping[str, str], cwd: Path
) -> tuple[int, str]:
    """Run a command, type each answer once its question is on the screen; exit status and all that was to be seen."""
    master, slave = pty.openpty()
    launcher = [sys.executable, "-c", _AT_TERMINAL, *map(str, command)]
    process = subprocess.Popen(launcher, stdin=slave, stdout=slave, stderr=slave, env=dict(env), cwd=cwd)
    os.close(slave)
    seen = ""
    try:
        for question, answer in answers:
            unread = len(seen)
            while question not in seen[unread:]:
                seen += _read(master)
            os.write(master, f"{answer}\n".encode())
        while text := _read(master, ending=""):
            seen += text
        return process.wait(timeout=60), seen
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _read(master: int, ending: str | None = None) -> str:
    """What comes next; at the end, `ending`, or EOFError where more was expected."""
    try:
        text = os.read(master, 4096).decode(errors="replace")
    except OSError:  # Linux says so when nobody has the other side open
        text = ""
    if not text and ending is None:
        raise EOFError("the program ended before it asked")
    return text
