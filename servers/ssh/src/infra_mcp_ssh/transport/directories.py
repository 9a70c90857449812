"""Listing a remote directory."""

import stat
from datetime import UTC, datetime
from typing import Any

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.results import page
from infra_mcp_ssh.models import Directory, Entry
from infra_mcp_ssh.transport import sftp
from infra_mcp_ssh.transport.connections import Host

_KINDS: dict[int, Any] = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link"}


async def list_directory(host: Host, path: str, offset: int, limit: int) -> Directory:
    """A page of a directory, by name; links are not followed. Raises NotFound, FileDenied and InvalidInput."""
    client = await host.sftp()
    with sftp.telling(host, path):
        real = str(await client.realpath(sftp.remote_path(path)))
        attrs = await client.stat(real)
        if not stat.S_ISDIR(attrs.permissions or 0):
            raise InvalidInput(f"{real} is not a directory.", "Use read_file for files.")
        found = [name async for name in client.scandir(real) if name.filename not in (".", "..")]
    part, where = page(sorted(found, key=lambda name: str(name.filename)), offset, limit)
    return Directory(host=str(host.target.address), path=real, entries=[_entry(name) for name in part], page=where)


def _entry(name: Any) -> Entry:
    attrs = name.attrs
    modified = datetime.fromtimestamp(attrs.mtime, UTC).isoformat() if attrs.mtime is not None else None
    return Entry(
        name=name.filename,
        kind=_KINDS.get(stat.S_IFMT(attrs.permissions or 0), "other"),
        size=attrs.size or 0,
        mode=sftp.mode_of(attrs),
        uid=attrs.uid,
        gid=attrs.gid,
        modified=modified,
    )
