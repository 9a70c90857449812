"""Files and directories on a host."""

import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from infra_mcp_common.errors import Conflict, InvalidInput
from infra_mcp_ssh.domain.addresses import Address

ABSENT = "absent"
FileKind = Literal["file", "directory", "link", "other"]
_KINDS: dict[int, FileKind] = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link"}


@dataclass(frozen=True)
class FileState:
    """A file that is there. mode: permission bits."""

    size: int
    mode: int
    sha256: str


@dataclass(frozen=True)
class FilePart:
    """Bytes of a file from `offset`. binary: whether they are no text; size, mode, sha256: of the whole file."""

    path: str
    data: bytes
    binary: bool
    offset: int
    size: int
    mode: int
    sha256: str

    @property
    def next_offset(self) -> int | None:
        """Where the next part begins, or None at the end."""
        end = self.offset + len(self.data)
        return end if end < self.size else None

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


@dataclass(frozen=True)
class WrittenFile:
    """A file as it now is on the host; replaced: what was there before."""

    host: Address
    path: str
    now: FileState
    replaced: FileState | None


@dataclass(frozen=True)
class DownloadedFile:
    """A copy on this machine."""

    host: Address
    path: str
    local_path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class DirectoryEntry:
    """One name in a directory. type_and_mode: as `stat` has it; modified: seconds since the epoch."""

    name: str
    type_and_mode: int
    size: int
    uid: int | None
    gid: int | None
    modified: int | None

    @property
    def kind(self) -> FileKind:
        return _KINDS.get(stat.S_IFMT(self.type_and_mode), "other")

    @property
    def modified_at(self) -> datetime | None:
        return None if self.modified is None else datetime.fromtimestamp(self.modified, UTC)


@dataclass(frozen=True)
class RemoteDirectory:
    """A directory and what is in it, by name."""

    host: Address
    path: str
    entries: tuple[DirectoryEntry, ...]


def sftp_path(path: str) -> str:
    """The path as SFTP takes it; `~` means nothing there, relative paths begin at the home directory."""
    if "\0" in path:
        raise InvalidInput("The path holds a NUL character.", "Remove it.")
    return path[2:] or "." if path.startswith("~/") else "." if path == "~" else path


def octal(mode: int) -> str:
    """Permission bits as people write them."""
    return f"{stat.S_IMODE(mode):04o}"


def check_expected(before: FileState | None, expected: str | None, path: str) -> None:
    """Compare-and-swap: refuse when the file is not the one the caller saw."""
    actual = before.sha256 if before else ABSENT
    if expected is not None and expected != actual:
        problem = f"{path} has sha256 {actual}, not {expected}." if before else f"{path} is not there."
        raise Conflict(problem, "It changed since you read it: read it again.", sha256=actual)


def without_cut_character(data: bytes) -> bytes:
    """Leave a character that the limit cut in two to the next part."""
    for length in range(1, min(4, len(data))):
        if data[-length] & 0xC0 == 0xC0:
            return data[:-length] if len(data[-length:].decode("utf-8", "ignore")) == 0 else data
    return data
