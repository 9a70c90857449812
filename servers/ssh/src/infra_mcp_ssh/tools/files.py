"""Reading and writing files and directories on a host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh.answers.files import FileContent, Written
from infra_mcp_ssh.safety import masking, previews
from infra_mcp_ssh.tools.parameters import Expected, HostName, Mode, RemotePath, Ssh, permission_bits
from infra_mcp_ssh.transport import file_reads, file_writes

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
    part = await ssh.use(host, file_reads.read, path, offset, limit, tail)
    return FileContent.of(part, altered=masking.alters(part))


async def preview_write(ssh: Ssh, host: HostName, path: RemotePath, content: Content) -> Preview:
    return await ssh.use(host, previews.of_write, path, content)


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
    mode_bits = permission_bits(mode)
    written = await ssh.use(host, file_writes.write, path, content.encode(), mode=mode_bits, expected=expected_sha256)
    return Written.of(written)
