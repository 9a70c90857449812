"""A command for a host's shell, and how it ended."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from infra_mcp_common.errors import InvalidInput
from infra_mcp_ssh.domain.addresses import Address

RemoteProcess = Literal["ended", "killed", "may still run"]


@dataclass(frozen=True)
class Command:
    """Shell text with its surroundings. timeout: in seconds. Raises InvalidInput for what no shell can be given."""

    text: str
    cwd: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    sudo: bool = False
    timeout: float = 60

    def __post_init__(self) -> None:
        if "\0" in self.text + (self.cwd or "") + "".join(self.env.values()):
            raise InvalidInput("A NUL character can't be passed to a shell.", "Remove it.")
        if bad := [name for name in self.env if not (name.isidentifier() and name.isascii())]:
            raise InvalidInput(f"{bad[0]!r} is no name of a variable.", "Use letters, digits and _.")

    def script(self) -> str:
        """The text with directory and variables set by the shell, since sshd drops most variables sent to it."""
        lines = [f"cd {shlex.quote(self.cwd)} || exit 1"] if self.cwd else []
        lines += [f"export {name}={shlex.quote(value)}" for name, value in self.env.items()]
        return "\n".join([*lines, self.text])


@dataclass(frozen=True)
class Outcome:
    """How a command ended. exit_status: None where a signal or a lost connection ended it; signal: its name, as TERM.

    remote_process: what is known of the process on the host.
    """

    host: Address
    exit_status: int | None
    signal: str | None
    timed_out: bool
    connection_lost: bool
    remote_process: RemoteProcess
    seconds: float
