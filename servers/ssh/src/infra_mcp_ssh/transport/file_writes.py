"""Replacing a remote file: whole or not at all."""

import hashlib
import posixpath
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from stat import S_IMODE
from typing import TYPE_CHECKING

from infra_mcp_common.errors import Failed
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain.files import FileState, WrittenFile, check_expected
from infra_mcp_ssh.transport.connections import Connection
from infra_mcp_ssh.transport.sftp import Sftp

if TYPE_CHECKING:
    from asyncssh import SFTPAttrs, SFTPClient


async def write(
    connection: Connection, path: str, content: bytes, *, mode: int | None, expected: str | None
) -> WrittenFile:
    """Put these bytes in the place of a file. Raises Conflict where `expected` (a sha256, or "absent") is not met."""

    async def whole() -> AsyncIterator[bytes]:
        yield content

    return await replace(connection, path, whole(), mode=mode, expected=expected)


async def replace(
    connection: Connection, path: str, content: AsyncIterator[bytes], *, mode: int | None, expected: str | None
) -> WrittenFile:
    """Put content in the place of a file at once: written beside it, verified, given its mode and owner, renamed.

    Until the rename the old file stays as it is. Raises Conflict where `expected` (a sha256, or "absent") is not met.
    """
    call_context.require("write", f"replacing {path}")
    sftp = await Sftp.on(connection)
    real, attrs = await sftp.regular(path)
    with sftp.telling(real):
        before = None if attrs is None else await sftp.state(real, attrs)
        check_expected(before, expected, real)
        beside = posixpath.join(posixpath.dirname(real), f".{posixpath.basename(real)[:100]}.{secrets.token_hex(6)}")
        try:
            size, sha256 = await _fill(sftp.client, beside, content)
            if await sftp.digest(beside) != sha256:
                where = connection.host.hostname
                raise Failed(f"What arrived at {where} is not what was sent.", "The old file is untouched.")
            await _take_over(sftp.client, beside, attrs, mode)
            await sftp.client.posix_rename(beside, real)
        except BaseException:
            with suppress(Exception):
                await sftp.client.remove(beside)
            raise
        now = await sftp.client.stat(real)
    return WrittenFile(connection.host.address, real, FileState(size, now.permissions or 0, sha256), before)


async def _fill(sftp: "SFTPClient", path: str, content: AsyncIterator[bytes]) -> tuple[int, str]:
    import asyncssh

    total, size = hashlib.sha256(), 0
    async with sftp.open(path, "xb", asyncssh.SFTPAttrs(permissions=0o600), encoding=None) as file:
        async for block in content:
            await file.write(block)
            total.update(block)
            size += len(block)
        with suppress(asyncssh.SFTPOpUnsupported):
            await file.fsync()
    return size, total.hexdigest()


async def _take_over(sftp: "SFTPClient", path: str, attrs: "SFTPAttrs | None", mode: int | None) -> None:
    """Give the new file the owner and mode of the old one, or the mode asked for."""
    mine = await sftp.stat(path)
    if attrs is not None and (mine.uid, mine.gid) != (attrs.uid, attrs.gid):
        await sftp.chown(path, attrs.uid or 0, attrs.gid or 0)
    kept = S_IMODE(attrs.permissions or 0) if attrs is not None else 0o644
    await sftp.chmod(path, kept if mode is None else mode)
