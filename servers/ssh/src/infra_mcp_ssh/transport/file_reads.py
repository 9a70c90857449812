"""Reading a part of a remote file: from an offset, or its last lines."""

import hashlib

from infra_mcp_common.io.kept_output import is_binary
from infra_mcp_ssh.domain.files import FilePart, without_cut_character
from infra_mcp_ssh.transport.connections import Connection
from infra_mcp_ssh.transport.sftp import Sftp

_LARGEST_TAIL = 1_000_000


async def read(connection: Connection, path: str, offset: int, limit: int, tail: int | None = None) -> FilePart:
    """A part of a regular file. offset and limit in bytes; tail in lines, beats both. Raises NotFound and Refused."""
    sftp = await Sftp.on(connection)
    real, attrs = await sftp.existing(path)
    with sftp.telling(real):
        size = attrs.size or 0
        if tail is not None:
            offset, limit = max(0, size - _LARGEST_TAIL), _LARGEST_TAIL
        data = await _read(sftp, real, offset, limit)
        # The size of a /proc file is known only once its end was met.
        size = max(size, offset + len(data))
        if tail is not None:
            data = b"".join(data.splitlines(keepends=True)[-tail:])
            offset = size - len(data)
        whole = offset == 0 and len(data) == size
        sha256 = hashlib.sha256(data).hexdigest() if whole else await sftp.digest(real)
    binary = is_binary(data)
    if not binary and offset + len(data) < size:
        data = without_cut_character(data)
    return FilePart(real, data, binary, offset, size, attrs.permissions or 0, sha256)


async def _read(sftp: Sftp, path: str, offset: int, limit: int) -> bytes:
    data = bytearray()
    async for block in sftp.blocks(path, offset):
        data += block
        if len(data) >= limit:
            break
    return bytes(data[:limit])
