"""Reading and writing files and directories on a host."""

import difflib
from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh.models import Directory, FileContent, Written
from infra_mcp_ssh.tools.parameters import Expected, HostName, Mode, RemotePath, Ssh
from infra_mcp_ssh.transport import directories, file_reads, file_writes, sftp
from infra_mcp_ssh.transport.connections import Host

_DIFF_LINES, _DIFF_BYTES = 100, 1_000_000

Content = Annotated[str, Field(max_length=10_000_000, description="The new content, as text")]


@tool("read", timeout=120)
async def read_file(
    ssh: Ssh,
    host: HostName,
    path: RemotePath,
    offset: Annotated[int, Field(ge=0, description="Byte to begin at")] = 0,
    limit: Annotated[int, Field(ge=1, le=1_000_000, description="Bytes at most")] = 50_000,
    tail: Annotated[int | None, Field(ge=1, le=10_000, description="Only the last so many lines")] = None,
) -> FileContent:
    """Read a file on a host, whole or in part, with its size, mode and sha256."""
    return await ssh.use(host, lambda it: file_reads.read(it, path, offset, limit, tail))


async def preview_write(ssh: Ssh, host: HostName, path: RemotePath, content: Content) -> Preview:
    async def look(it: Host) -> Preview:
        client = await it.sftp()
        real, attrs = await sftp.regular(it, client, path)
        if attrs is None:
            return Preview(would=f"Create {real} on {host} with {len(content.encode())} bytes", now=None)
        now = await file_reads.read(it, real, 0, _DIFF_BYTES, None)
        lines = difflib.unified_diff(now.text.splitlines(), content.splitlines(), "now", "new", lineterm="")
        diff = list(lines)[:_DIFF_LINES]
        return Preview(would=f"Replace {real} on {host}", now={"size": now.size, "sha256": now.sha256, "diff": diff})

    return await ssh.use(host, look)


@tool("write", timeout=120, preview=preview_write)
async def write_file(
    ssh: Ssh,
    host: HostName,
    path: RemotePath,
    content: Content,
    mode: Mode = None,
    expected_sha256: Expected = None,
) -> Written:
    """Write a text file on a host, replacing it whole and at once, with its owner and mode kept."""

    async def data() -> AsyncIterator[bytes]:
        yield content.encode()

    return await ssh.use(
        host,
        lambda it: file_writes.replace(it, path, data(), mode=int(mode, 8) if mode else None, expected=expected_sha256),
    )


@tool("read")
async def list_directory(
    ssh: Ssh,
    host: HostName,
    path: RemotePath = ".",
    offset: Annotated[int, Field(ge=0, description="Entry to begin at")] = 0,
    limit: Annotated[int, Field(ge=1, le=1000, description="Entries at most")] = 200,
) -> Directory:
    """List a directory on a host by name, with kind, size, mode, owner and time of each entry."""
    return await ssh.use(host, lambda it: directories.list_directory(it, path, offset, limit))
