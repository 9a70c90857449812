"""Remote files over SFTP: what they are, what is in them, and what SFTP's errors mean."""

import hashlib
import re
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra_mcp_common.errors import Denied, Failed, NotFound, Refused, Unreachable
from infra_mcp_ssh.domain.files import FileState, sftp_path
from infra_mcp_ssh.transport.connections import Connection

if TYPE_CHECKING:
    from asyncssh import SFTPAttrs, SFTPClient

BLOCK = 256 * 1024


class FileDenied(Denied):
    """The host's file permissions say no; no setting of ours mends that."""

    mendable_by_settings = False


@dataclass(frozen=True)
class Sftp:
    """The files of one host."""

    connection: Connection
    client: "SFTPClient"

    @classmethod
    async def on(cls, connection: Connection) -> "Sftp":
        return cls(connection, await connection.sftp())

    @contextmanager
    def telling(self, path: str) -> Iterator[None]:
        """Turn what SFTP says into the suite's errors; `Failure` is all it says of most things."""
        import asyncssh as ssh

        host = self.connection.host
        where = f"{path} on {host.hostname}"
        try:
            yield
        except (ssh.SFTPNoSuchFile, ssh.SFTPNoSuchPath):
            raise NotFound(f"{where} is not there.", "Look with list_directory.") from None
        except (ssh.SFTPPermissionDenied, ssh.SFTPWriteProtect):
            why = f"{host.user} may not do that to {where}."
            raise FileDenied(why, "Use another user, or run_command with sudo.") from None
        except (ssh.SFTPConnectionLost, ssh.SFTPNoConnection, ssh.ConnectionLost, ssh.DisconnectError):
            raise Unreachable(
                f"The connection was lost while working on {where}.", "Look at it before you repeat."
            ) from None
        except ssh.SFTPError as error:
            advice = "Look at the path, its type and free space."
            raise Failed(f"{where}: the host could not do that.", advice, said=error.reason) from None

    async def real_path(self, path: str) -> str:
        """The path with links resolved, from the root."""
        return str(await self.client.realpath(sftp_path(path)))

    async def regular(self, path: str) -> "tuple[str, SFTPAttrs | None]":
        """The real path and its attributes, None where nothing is there; Refused where it is no regular file."""
        import asyncssh

        with self.telling(path):
            real = await self.real_path(path)
            try:
                attrs = await self.client.lstat(real)
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                return real, None
        if not stat.S_ISREG(attrs.permissions or 0):
            raise Refused(f"{real} is not a regular file.", "Directories, links, devices and pipes are left alone.")
        return real, attrs

    async def existing(self, path: str) -> "tuple[str, SFTPAttrs]":
        """The same of a file that must be there; else NotFound."""
        real, attrs = await self.regular(path)
        if attrs is None:
            raise NotFound(f"{real} on {self.connection.host.hostname} is not there.", "Look with list_directory.")
        return real, attrs

    async def blocks(self, path: str, start: int = 0) -> AsyncIterator[bytes]:
        """The bytes of a file from `start` to its end. The end is where reading ends: /proc says 0 for every size."""
        async with self.client.open(path, "rb", encoding=None) as file:
            while data := await file.read(BLOCK, start):
                yield bytes(data)  # type: ignore[arg-type] # encoding=None means bytes
                start += len(data)

    async def digest(self, path: str) -> str:
        """The sha256 of a remote file, by the host itself where it can, else by reading it."""
        printed = await self.connection.output_of("sha256sum", "--", path)
        if printed and (match := re.match(rb"\\?([0-9a-f]{64}) ", printed)):
            return match[1].decode()
        total = hashlib.sha256()
        async for block in self.blocks(path):
            total.update(block)
        return total.hexdigest()

    async def state(self, real: str, attrs: "SFTPAttrs") -> FileState:
        return FileState(attrs.size or 0, attrs.permissions or 0, await self.digest(real))


async def look(connection: Connection, path: str) -> tuple[str, FileState | None]:
    """The real path of a regular file, and what is there now."""
    sftp = await Sftp.on(connection)
    real, attrs = await sftp.regular(path)
    with sftp.telling(real):
        return real, None if attrs is None else await sftp.state(real, attrs)
