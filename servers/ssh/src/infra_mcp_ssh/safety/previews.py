"""What a gated write would do to a file on a host."""

import difflib
from pathlib import Path

from infra_mcp_common.tool_calls.confirmation import Preview
from infra_mcp_ssh.answers.files import FileState
from infra_mcp_ssh.transport import file_reads
from infra_mcp_ssh.transport.connections import Connection
from infra_mcp_ssh.transport.sftp import Sftp, look

_DIFF_LINES, _DIFF_BYTES = 100, 1_000_000


async def of_write(connection: Connection, path: str, content: str) -> Preview:
    """What is there now, and how the new content differs from it."""
    host = connection.host.address
    real, attrs = await (await Sftp.on(connection)).regular(path)
    if attrs is None:
        return Preview(would=f"Create {real} on {host} with {len(content.encode())} bytes", now=None)
    now = await file_reads.read(connection, real, 0, _DIFF_BYTES)
    diff = difflib.unified_diff(now.text.splitlines(), content.splitlines(), "now", "new", lineterm="")
    shown = {"size": now.size, "sha256": now.sha256, "diff": list(diff)[:_DIFF_LINES]}
    return Preview(would=f"Replace {real} on {host}", now=shown)


async def of_upload(connection: Connection, path: str, source: Path) -> Preview:
    """What is there now."""
    real, state = await look(connection, path)
    would = f"{'Replace' if state else 'Create'} {real} on {connection.host.address}"
    now = FileState.of(state) if state else None
    return Preview(would=f"{would} by {source} ({source.stat().st_size} bytes)", now=now)
