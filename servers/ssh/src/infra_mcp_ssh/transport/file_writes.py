"""Replacing a remote file: whole or not at all."""

import hashlib
import posixpath
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from stat import S_IMODE
from typing import TYPE_CHECKING

from infra_mcp_common.errors import Conflict, Failed
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.models import FileState, Written
from infra_mcp_ssh.transport.connections import Host
from infra_mcp_ssh.transport.sftp import digest, mode_of, regular, state, telling

if TYPE_CHECKING:
    from asyncssh import SFTPAttrs, SFTPClient

ABSENT = "absent"


def check_expected(before: FileState | None, expected: str | None, path: str) -> None:
    """Compare-and-swap: refuse when the file is not the one the caller saw."""
    actual = before.sha256 if before else ABSENT
    if expected is not None and expected != actual:
        problem = f"{path} has sha256 {actual}, not {expected}." if before else f"{path} is not there."
        raise Conflict(problem, "It changed since you read it: read it again.", sha256=actual)


async def replace(
    host: Host, path: str, content: AsyncIterator[bytes], *, mode: int | None, expected: str | None
) -> Written:
    """Put content in the place of a file at once: written beside it, verified, given its mode and owner, renamed.

    Until the rename the old file stays as it is. Raises Conflict where `expected` (a sha256, or "absent") is not met.
    """
    call_context.require("write", f"replacing {path}")
    sftp = await host.sftp()
    real, attrs = await regular(host, sftp, path)
    with telling(host, real):
        before = await state(host, sftp, real, attrs)
        check_expected(before, expected, real)
        beside = posixpath.join(posixpath.dirname(real), f".{posixpath.basename(real)[:100]}.{secrets.token_hex(6)}")
        try:
            size, sha256 = await _fill(sftp, beside, content)
            if await digest(host, sftp, beside) != sha256:
                raise Failed(f"What arrived at {host.target.host} is not what was sent.", "The old file is untouched.")
            await _take_over(sftp, beside, attrs, mode)
            await sftp.posix_rename(beside, real)
        except BaseException:
            with suppress(Exception):
                await sftp.remove(beside)
            raise
        now = await sftp.stat(real)
    return Written(
        host=str(host.target.address), path=real, size=size, mode=mode_of(now), sha256=sha256, replaced=before
    )


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
