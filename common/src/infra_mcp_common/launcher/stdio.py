"""Stdin and stdout as the SDK finds them when the launcher hands over: nothing lost, nothing said twice."""

import fcntl
import io
import os
from typing import Any


class Stdio:
    """Takes both descriptors from the process, so that neither a stray print nor a child can reach the client.

    lead: what the SDK reads first. unwanted: the id whose answer the client must not see.
    """

    def __init__(self, lead: bytes, unwanted: str) -> None:
        source, target = (fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 3) for number in (0, 1))
        _divert()
        # Decoded as the SDK decodes its own stdin; a thread may still read when the process ends, so never closed.
        self.stdin = io.TextIOWrapper(io.BufferedReader(_Rest(lead, source)), encoding="utf-8", errors="replace")
        self.stdout = _Answers(target, unwanted)


class _Rest(io.RawIOBase):
    def __init__(self, lead: bytes, source: int) -> None:
        self._lead = lead
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._lead:
            return os.readv(self._source, [buffer])
        part, self._lead = self._lead[: len(buffer)], self._lead[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


class _Answers(io.TextIOWrapper):
    def __init__(self, target: int, unwanted: str) -> None:
        super().__init__(open(target, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115 -- for good
        self._unwanted = unwanted

    def write(self, text: str) -> int:
        """Write one message, whole, as the SDK does."""
        if self._unwanted and self._unwanted in text:
            self._unwanted = ""
            return len(text)
        return super().write(text)


def _divert() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    try:
        os.dup2(2, 1)
    except OSError:
        os.dup2(null, 1)
    os.close(null)
