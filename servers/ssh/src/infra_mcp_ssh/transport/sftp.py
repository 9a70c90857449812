"""Remote files over SFTP: what they are, what is in them, and what SFTP's errors mean."""

import hashlib
import re
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra_mcp_common.errors import Denied, Failed, InvalidInput, NotFound, Refused, Unreachable
from infra_mcp_ssh.models import FileState
from infra_mcp_ssh.transport.commands import output_of
from infra_mcp_ssh.transport.connections import Host

if TYPE_CHECKING:
    from asyncssh import SFTPAttrs, SFTPClient

BLOCK = 256 * 1024


class FileDenied(Denied):
    """The host's file permissions say no; no setting of ours mends that."""

    mendable_by_settings = False


@contextmanager
def telling(host: Host, path: str) -> Iterator[None]:
    """Turn what SFTP says into the suite's errors; `Failure` is all it says of most things."""
    import asyncssh

    where = f"{path} on {host.target.host}"
    try:
        yield
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        raise NotFound(f"{where} is not there.", "Look with list_directory.") from None
    except (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect):
        why = f"{host.target.user} may not do that to {where}."
        raise FileDenied(why, "Use another user, or run_command with sudo.") from None
    except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.ConnectionLost, asyncssh.DisconnectError):
        raise Unreachable(
            f"The connection was lost while working on {where}.", "Look at it before you repeat."
        ) from None
    except asyncssh.SFTPError as error:
        raise Failed(
            f"{where}: the host could not do that.", "Look at the path, its type and free space.", said=error.reason
        ) from None


def remote_path(path: str) -> str:
    """The path as SFTP takes it; `~` means nothing there, relative paths begin at the home directory."""
    if "\0" in path:
        raise InvalidInput("The path holds a NUL character.", "Remove it.")
    return path[2:] or "." if path.startswith("~/") else "." if path == "~" else path


def mode_of(attrs: "SFTPAttrs") -> str:
    return f"{stat.S_IMODE(attrs.permissions or 0):04o}"


async def regular(host: Host, sftp: "SFTPClient", path: str) -> "tuple[str, SFTPAttrs | None]":
    """The real path and its attributes, None where nothing is there; Refused where it is no regular file."""
    with telling(host, path):
        real = str(await sftp.realpath(remote_path(path)))
        try:
            attrs = await sftp.lstat(real)
        except _missing():
            return real, None
    if not stat.S_ISREG(attrs.permissions or 0):
        raise Refused(f"{real} is not a regular file.", "Directories, links, devices and pipes are left alone.")
    return real, attrs


def _missing() -> tuple[type[Exception], ...]:
    import asyncssh

    return asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath


async def blocks(sftp: "SFTPClient", path: str, start: int = 0) -> AsyncIterator[bytes]:
    """The bytes of a file from `start` to its end. The end is where reading ends: /proc says 0 for every size."""
    async with sftp.open(path, "rb", encoding=None) as file:
        while data := await file.read(BLOCK, start):
            yield bytes(data)  # type: ignore[arg-type] # encoding=None means bytes
            start += len(data)


async def digest(host: Host, sftp: "SFTPClient", path: str) -> str:
    """The sha256 of a remote file, by the host itself where it can, else by reading it."""
    printed = await output_of(host, "sha256sum", "--", path)
    if printed and (match := re.match(rb"\\?([0-9a-f]{64}) ", printed)):
        return match[1].decode()
    total = hashlib.sha256()
    async for block in blocks(sftp, path):
        total.update(block)
    return total.hexdigest()


async def state(host: Host, sftp: "SFTPClient", real: str, attrs: "SFTPAttrs | None") -> FileState | None:
    if attrs is None:
        return None
    return FileState(size=attrs.size or 0, mode=mode_of(attrs), sha256=await digest(host, sftp, real))
