"""Copying files between this machine and a host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh import local
from infra_mcp_ssh.models import Downloaded, Written
from infra_mcp_ssh.tools.parameters import Expected, HostName, LocalPath, Mode, RemotePath, Ssh
from infra_mcp_ssh.transport import sftp, transfers
from infra_mcp_ssh.transport.connections import Host
from infra_mcp_ssh.transport.file_writes import ABSENT

Overwrite = Annotated[bool, Field(description="Allow a file to be replaced that is there already")]


async def preview_upload(ssh: Ssh, host: HostName, local_path: LocalPath, path: RemotePath) -> Preview:
    source = local.readable(local_path)

    async def look(it: Host) -> Preview:
        client = await it.sftp()
        real, attrs = await sftp.regular(it, client, path)
        with sftp.telling(it, real):
            now = await sftp.state(it, client, real, attrs)
        deed = "Replace" if now else "Create"
        return Preview(would=f"{deed} {real} on {host} by {source} ({source.stat().st_size} bytes)", now=now)

    return await ssh.use(host, look)


@tool("write", timeout=3600, preview=preview_upload)
async def upload_file(
    ssh: Ssh,
    host: HostName,
    local_path: LocalPath,
    path: RemotePath,
    mode: Mode = None,
    overwrite: Overwrite = False,
    expected_sha256: Expected = None,
) -> Written:
    """Upload a local file to a host, verified by sha256; private keys are never sent."""
    source = local.readable(local_path)
    expected = expected_sha256 or (None if overwrite else ABSENT)
    bits = int(mode, 8) if mode else None
    return await ssh.use(host, lambda it: transfers.upload(it, source, path, mode=bits, expected=expected))


@tool("write", timeout=3600)
async def download_file(
    ssh: Ssh, host: HostName, path: RemotePath, local_path: LocalPath, overwrite: Overwrite = False
) -> Downloaded:
    """Download a file from a host to this machine, verified by sha256."""
    target = local.writable(local_path, overwrite=overwrite)
    return await ssh.use(host, lambda it: transfers.download(it, path, target))
