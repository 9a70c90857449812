"""Reading a part of a remote file: from an offset, or its last lines."""

import base64
import hashlib
from typing import TYPE_CHECKING

from infra_mcp_common.errors import NotFound
from infra_mcp_common.io.kept_output import is_binary
from infra_mcp_common.runtime import current
from infra_mcp_ssh.models import FileContent
from infra_mcp_ssh.transport import sftp
from infra_mcp_ssh.transport.connections import Host

if TYPE_CHECKING:
    from asyncssh import SFTPClient

_LARGEST_TAIL = 1_000_000


async def read(host: Host, path: str, offset: int, limit: int, tail: int | None) -> FileContent:
    """A part of a regular file. offset and limit in bytes; tail in lines, beats both. Raises NotFound and Refused."""
    client = await host.sftp()
    real, attrs = await sftp.regular(host, client, path)
    if attrs is None:
        raise NotFound(f"{real} on {host.target.host} is not there.", "Look with list_directory.")
    with sftp.telling(host, real):
        size = attrs.size or 0
        if tail is not None:
            offset, limit = max(0, size - _LARGEST_TAIL), _LARGEST_TAIL
        data = await _read(client, real, offset, limit)
        # The size of a /proc file is known only once its end was met.
        size = max(size, offset + len(data))
        if tail is not None:
            data = b"".join(data.splitlines(keepends=True)[-tail:])
            offset = size - len(data)
        whole = offset == 0 and len(data) == size
        sha256 = hashlib.sha256(data).hexdigest() if whole else await sftp.digest(host, client, real)
    return _content(real, data, offset, size, sftp.mode_of(attrs), sha256)


async def _read(client: "SFTPClient", path: str, offset: int, limit: int) -> bytes:
    data = bytearray()
    async for block in sftp.blocks(client, path, offset):
        data += block
        if len(data) >= limit:
            break
    return bytes(data[:limit])


def _content(path: str, data: bytes, offset: int, size: int, mode: str, sha256: str) -> FileContent:
    binary = is_binary(data)
    if not binary and offset + len(data) < size:
        data = _without_cut_character(data)
    text = base64.b64encode(data).decode() if binary else data.decode("utf-8", "replace")
    end = offset + len(data)
    return FileContent(
        path=path,
        text=text,
        encoding="base64" if binary else None,
        size=size,
        offset=offset,
        next_offset=end if end < size else None,
        mode=mode,
        sha256=sha256,
        altered=not binary and (current().tell(text) != text or text.encode() != data),
    )


def _without_cut_character(data: bytes) -> bytes:
    """Leave a character that the limit cut in two to the next part."""
    for length in range(1, min(4, len(data))):
        if data[-length] & 0xC0 == 0xC0:
            return data[:-length] if len(data[-length:].decode("utf-8", "ignore")) == 0 else data
    return data
