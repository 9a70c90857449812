"""Copying whole files between this machine and a host, verified by sha256 on both sides."""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from infra_mcp_common.errors import Failed, NotFound
from infra_mcp_common.tool_calls import call_context
from infra_mcp_ssh import local
from infra_mcp_ssh.models import Downloaded, Written
from infra_mcp_ssh.transport import file_writes, sftp
from infra_mcp_ssh.transport.connections import Host


async def upload(host: Host, source: Path, path: str, *, mode: int | None, expected: str | None) -> Written:
    """Send a local file. Raises Conflict where `expected` (a sha256, or "absent") does not meet what is there."""
    return await file_writes.replace(host, path, _local_blocks(source), mode=mode, expected=expected)


async def _local_blocks(source: Path) -> AsyncIterator[bytes]:
    total, done = source.stat().st_size, 0
    with source.open("rb") as file:
        while block := file.read(sftp.BLOCK):
            yield block
            done += len(block)
            await call_context.progress(f"{source.name}: {done} of {total} bytes", done, total)


async def download(host: Host, path: str, target: Path) -> Downloaded:
    """Fetch a remote file; the local one appears whole or not at all."""
    call_context.require("write", f"writing {target}")
    client = await host.sftp()
    real, attrs = await sftp.regular(host, client, path)
    if attrs is None:
        raise NotFound(f"{real} on {host.target.host} is not there.", "Look with list_directory.")
    descriptor, beside = local.open_beside(target)
    try:
        with sftp.telling(host, real), os.fdopen(descriptor, "wb") as file:
            sha256 = hashlib.sha256()
            async for block in sftp.blocks(client, real):
                file.write(block)
                sha256.update(block)
                await call_context.progress(
                    f"{target.name}: {file.tell()} of {attrs.size} bytes", file.tell(), attrs.size
                )
            size = file.tell()
            if attrs.size and await sftp.digest(host, client, real) != sha256.hexdigest():
                raise Failed(f"{real} changed while it was read.", "Nothing was kept; try again.")
        beside.replace(target)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return Downloaded(
        host=str(host.target.address), path=real, local_path=str(target), size=size, sha256=sha256.hexdigest()
    )
