"""Listing directories on a host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh.answers.directories import Directory
from infra_mcp_ssh.tools.parameters import HostName, RemotePath, Ssh
from infra_mcp_ssh.transport import directories


@tool("read")
async def list_directory(
    ssh: Ssh,
    host: HostName,
    path: RemotePath = ".",
    offset: Annotated[int, Field(ge=0, description="Entry to begin at")] = 0,
    limit: Annotated[int, Field(ge=1, le=1000, description="Entries at most")] = 200,
) -> Directory:
    """List a directory on a host by name, with kind, size, mode, owner and time of each entry."""
    return Directory.of(await ssh.use(host, directories.list_directory, path), offset, limit)
