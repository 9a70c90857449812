"""How a command in a guest ended."""

from dataclasses import dataclass
from typing import Literal

Way = Literal["console", "ssh", "agent"]
Interpreter = Literal["sh", "powershell", "cmd"]


@dataclass(frozen=True)
class CommandResult:
    """exit_status: None where it did not end by itself. way: how it got there. note: what else a reader must know."""

    exit_status: int | None
    stdout: bytes
    stderr: bytes
    way: Way
    signal: int | None = None
    timed_out: bool = False
    note: str | None = None
