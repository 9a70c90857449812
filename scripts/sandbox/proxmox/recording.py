"""Every request that arrived, and faults to answer with instead of the truth."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """One request as it was received and how it was answered."""

    method: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    endpoint: str = ""
    status: int = 0

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Raw:
    """An answer given as it stands.

    Args:
        length: Content-Length to claim, so that a body can be cut short.
        seconds: How long to stay silent first.
        drop: Close the connection without a word instead.
    """

    status: int = 200
    reason: str = "OK"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    seconds: float = 0.0
    drop: bool = False


@dataclass
class Fault:
    """What happens to matching requests: an answer instead of the truth, or an event after it."""

    pattern: str
    answer: Raw | None = None
    after: Callable[[], None] | None = None
    skip: int = 0
    times: int = 1

    def strikes(self, line: str) -> bool:
        """Whether this request is one of those meant; counts it."""
        if self.times <= 0 or not re.search(self.pattern, line):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Recorder:
    """The log of requests, the list of waiting faults, and what is done to the body of every answer."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.tamper: Callable[[bytes], bytes] = bytes

    def strike(self, line: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.strikes(line)), None)

    def matching(self, pattern: str) -> list[Request]:
        return [request for request in self.requests if re.search(pattern, request.line)]
