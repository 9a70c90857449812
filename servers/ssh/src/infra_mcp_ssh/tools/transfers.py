"""Copying files between this machine and a host."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_ssh.answers.files import Downloaded, Written
from infra_mcp_ssh.domain.files import ABSENT
from infra_mcp_ssh.safety import local_files, previews
from infra_mcp_ssh.tools.parameters import Expected, HostName, LocalPath, Mode, RemotePath, Ssh, permission_bits
from infra_mcp_ssh.transport import transfers

Overwrite = Annotated[bool, Field(description="Allow a file to be replaced that is there already")]


async def preview_upload(ssh: Ssh, host: HostName, local_path: LocalPath, path: RemotePath) -> Preview:
    return await ssh.use(host, previews.of_upload, path, local_files.readable(local_path))


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
    source = local_files.readable(local_path)
    expected = expected_sha256 or (None if overwrite else ABSENT)
    sent = await ssh.use(host, transfers.upload, source, path, mode=permission_bits(mode), expected=expected)
    return Written.of(sent)


@tool("write", timeout=3600)
async def download_file(
    ssh: Ssh, host: HostName, path: RemotePath, local_path: LocalPath, overwrite: Overwrite = False
) -> Downloaded:
    """Download a file from a host to this machine, verified by sha256."""
    target = local_files.writable(local_path, overwrite=overwrite)
    return Downloaded.of(await ssh.use(host, transfers.download, path, target))
