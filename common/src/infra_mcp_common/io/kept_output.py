"""Output too big for one answer: head and tail are kept in memory, the whole in a private file, to be read by id."""

import base64
import os
import re
import secrets
import time
from collections import deque
from pathlib import Path

from infra_mcp_common.errors import Failed, InvalidInput, NotFound
from infra_mcp_common.local_ids import local, marked
from infra_mcp_common.paths import private_file
from infra_mcp_common.results import Output
from infra_mcp_common.runtime import current
from infra_mcp_common.text.redaction import Stream

HEAD, TAIL = 8_000, 24_000
LARGEST = 64 * 1024 * 1024
# Looked at beyond what is shown of head and tail, so that no secret is cut in two and escapes by that.
_BEYOND = 4096
KEEP_SECONDS = 24 * 3600
_ID = re.compile(r"[0-9a-f]{16}")


class Capture:
    """Collects one stream: feed it bytes, then ask for the Output. The file appears once the memory part is full.

    Known secrets are masked in the Output and in the file; `whole` gives the bytes as they came.
    """

    def __init__(self, head: int = HEAD, tail: int = TAIL, largest: int = LARGEST) -> None:
        self.head, self.tail, self.largest = head, tail, largest
        self.size = 0
        self._first = bytearray()
        self._last: deque[bytes] = deque()
        self._last_size = 0
        self._secrets = current().secrets
        self._stream = Stream(self._secrets)
        self._kept = self._lost = 0
        self._id: str | None = None
        self._file: int | None = None

    def feed(self, data: bytes) -> None:
        self.size += len(data)
        if self._file is None and self.size > self.head + self.tail:
            self._open()
        if self._file is not None:
            self._keep(self._stream.feed(data))
        room = max(0, self.head - len(self._first))
        self._first += data[: max(0, self.head + _BEYOND - len(self._first))]
        if data := data[room:]:
            self._last.append(data)
            self._last_size += len(data)
        while self._last and self._last_size - len(self._last[0]) >= self.tail + _BEYOND:
            self._last_size -= len(self._last.popleft())

    def output(self) -> Output:
        """Head and tail as text, cut between characters; base64 where the bytes are no text."""
        if self.size <= self.head + self.tail:
            first, last, omitted = self._secrets.mask(self.whole()), b"", 0
        else:
            first, last = self._ends()
            omitted = max(1, self.size - len(first) - len(last))
        text, encoding = _decode(first, last, omitted)
        self.close()
        return Output(
            text=text,
            bytes=self.size,
            encoding=encoding,
            omitted_bytes=omitted or None,
            output_id=marked(self._id) if self._id else None,
            lost_bytes=self._lost or None,
        )

    def whole(self) -> bytes:
        """All bytes, where they fit into memory's part; Failed where they don't."""
        if self.size > self.head + self.tail:
            raise Failed(f"The answer is larger than {self.head + self.tail} bytes.", "Ask for less of it.")
        return self._so_far()

    def _so_far(self) -> bytes:
        return bytes(self._first[: self.head]) + b"".join(self._last)

    def _ends(self) -> tuple[bytes, bytes]:
        """Head and tail to show of what is too long, without what lies too near a cut to be told from a secret."""
        first, last = self._secrets.mask(bytes(self._first)), self._secrets.mask(b"".join(self._last))
        return first[: max(0, min(self.head, len(first) - _BEYOND))], last[max(_BEYOND, len(last) - self.tail) :]

    def close(self) -> None:
        if self._file is not None:
            self._keep(self._stream.end())
            os.close(self._file)
            self._file = None

    def _open(self) -> None:
        sweep()
        self._id = secrets.token_hex(8)
        self._file = private_file(_folder() / self._id, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        self._keep(self._stream.feed(self._so_far()))

    def _keep(self, data: bytes) -> None:
        part = data[: max(0, self.largest - self._kept)]
        self._lost += len(data) - len(part)
        if part and self._file is not None:
            os.write(self._file, part)
            self._kept += len(part)


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text: a NUL, or so many undecodable bytes that reading them as text would lose them."""
    return b"\0" in data or data.decode("utf-8", "replace").count("\ufffd") > len(data) // 10


def _decode(first: bytes, last: bytes, omitted: int) -> tuple[str, str | None]:
    if is_binary(first + last):
        # Only the head: two base64 texts with a gap between them are of no use to anybody.
        return base64.b64encode(first if omitted else first + last).decode(), "base64"
    if not omitted:
        return (first + last).decode("utf-8", "replace"), None
    middle = f"\n[... {omitted} bytes left out ...]\n"
    return first.decode("utf-8", "ignore") + middle + last.decode("utf-8", "ignore"), None


def _folder() -> Path:
    runtime = current()
    return runtime.paths.state("output", runtime.server)


def find(output_id: str) -> Path:
    """The file of a kept output."""
    bare = local(output_id, "output")
    if not _ID.fullmatch(bare):
        raise InvalidInput("That is no output_id.", "Use the output_id of an earlier answer, whole.")
    path = _folder() / bare
    if not path.is_file():
        raise NotFound(
            f"Output {bare} is not kept on {current().machine} (any more; outputs last a day).",
            "Run the command again.",
        )
    return path


def sweep() -> None:
    """Remove outputs older than a day."""
    for path in _folder().iterdir():
        try:
            if path.stat().st_mtime < time.time() - KEEP_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue
