"""Copying files between this machine and a host, verified by sha256 on both sides."""

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from infra_mcp_common.errors import Failed
from infra_mcp_common.paths import private_file
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh.domain.files import DownloadedFile, WrittenFile
from infra_mcp_ssh.transport.connections import Connection
from infra_mcp_ssh.transport.file_writes import replace
from infra_mcp_ssh.transport.sftp import BLOCK, Sftp


async def upload(
    connection: Connection, source: Path, path: str, *, mode: int | None, expected: str | None
) -> WrittenFile:
    """Send a local file. Raises Conflict where `expected` (a sha256, or "absent") does not meet what is there."""
    return await replace(connection, path, _local_blocks(source), mode=mode, expected=expected)


async def _local_blocks(source: Path) -> AsyncIterator[bytes]:
    total, done = source.stat().st_size, 0
    with source.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
            done += len(block)
            await call_context.progress(f"{source.name}: {done} of {total} bytes", done, total)


async def download(connection: Connection, path: str, target: Path) -> DownloadedFile:
    """Fetch a remote file; the local one appears whole or not at all."""
    call_context.require("write", f"writing {target}")
    sftp = await Sftp.on(connection)
    real, attrs = await sftp.existing(path)
    sha256 = hashlib.sha256()
    with _appearing(target) as file, sftp.telling(real):
        async for block in sftp.blocks(real):
            file.write(block)
            sha256.update(block)
            told = f"{target.name}: {file.tell()} of {attrs.size} bytes"
            await call_context.progress(told, file.tell(), attrs.size)
        size = file.tell()
        if attrs.size and await sftp.digest(real) != sha256.hexdigest():
            raise Failed(f"{real} changed while it was read.", "Nothing was kept; try again.")
    return DownloadedFile(connection.host.address, real, target, size, sha256.hexdigest())


@contextmanager
def _appearing(target: Path) -> Iterator[BinaryIO]:
    """A new private file in the target's folder, which replaces the target when the block succeeds."""
    beside = target.with_name(f".{target.name[:100]}.{os.urandom(6).hex()}")
    descriptor = private_file(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
