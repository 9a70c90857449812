"""Listing a remote directory."""

import stat
from typing import TYPE_CHECKING

from infra_mcp_common.errors import InvalidInput
from infra_mcp_ssh.domain.files import DirectoryEntry, RemoteDirectory
from infra_mcp_ssh.transport.connections import Connection
from infra_mcp_ssh.transport.sftp import Sftp

if TYPE_CHECKING:
    from asyncssh import SFTPName


async def list_directory(connection: Connection, path: str) -> RemoteDirectory:
    """A directory; links in it are not followed. Raises NotFound, FileDenied and InvalidInput."""
    sftp = await Sftp.on(connection)
    with sftp.telling(path):
        real = await sftp.real_path(path)
        attrs = await sftp.client.stat(real)
        if not stat.S_ISDIR(attrs.permissions or 0):
            raise InvalidInput(f"{real} is not a directory.", "Use read_file for files.")
        found = [name async for name in sftp.client.scandir(real) if name.filename not in (".", "..")]
    entries = sorted((_entry(name) for name in found), key=lambda entry: entry.name)
    return RemoteDirectory(connection.host.address, real, tuple(entries))


def _entry(found: "SFTPName") -> DirectoryEntry:
    attrs, name = found.attrs, found.filename
    return DirectoryEntry(
        name=name if isinstance(name, str) else name.decode("utf-8", "replace"),
        type_and_mode=attrs.permissions or 0,
        size=attrs.size or 0,
        uid=attrs.uid,
        gid=attrs.gid,
        modified=attrs.mtime,
    )
