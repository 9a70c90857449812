"""The file transfer of the embedded SSH host."""

import os
from pathlib import Path
from typing import Any

import asyncssh


class Files(asyncssh.SFTPServer):
    """SFTP with relative names below the home, as OpenSSH has it, that notes each request by name and path."""

    def __init__(
        self, home: Path, requests: list[tuple[str, str]], channel: "asyncssh.SSHServerChannel[bytes]"
    ) -> None:
        super().__init__(channel)
        self._home = os.fsencode(home)
        self._requests = requests

    def map_path(self, path: bytes) -> bytes:
        return os.path.join(self._home, path)  # noqa: PTH118  (bytes)


def _noting(name: str, paths: int) -> Any:
    """Make the method of that name, whose first arguments are paths, note its request before it does its work."""
    inherited = getattr(asyncssh.SFTPServer, name)

    def method(self: Files, *arguments: Any) -> Any:
        what = " to ".join(os.fsdecode(path) for path in arguments[:paths])
        self._requests.append((name, what))
        return inherited(self, *arguments)

    return method


for _name in ("open", "lstat", "stat", "setstat", "lsetstat", "scandir", "remove", "mkdir", "rmdir", "readlink"):
    setattr(Files, _name, _noting(_name, 1))
for _name in ("rename", "posix_rename", "symlink", "link"):
    setattr(Files, _name, _noting(_name, 2))
