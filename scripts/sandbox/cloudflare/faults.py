"""Answers that go wrong on demand, as the network and Cloudflare's edge make them go wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Kind = Literal[
    "lost",  # done, then the connection closes without an answer
    "dropped",  # not done, the connection closes
    "html",  # not done, a page from the edge with `status`
    "lost_html",  # done, and the edge answers for a server that took too long
    "cut",  # done, half of the JSON arrives
    "slow",  # done, after `seconds`
    "limited",  # not done, 429 with Retry-After `seconds`
    "unavailable",  # not done, a JSON error with `status`
]


@dataclass
class Fault:
    """What happens to the next `times` requests that match; `path` is a shell pattern."""

    kind: Kind
    method: str = "*"
    path: str = "*"
    times: int = 1
    seconds: float = 0
    status: int = 502

    def matches(self, method: str, path: str) -> bool:
        """Whether this request is meant, and the fault not used up."""
        return self.times > 0 and fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@dataclass
class Faults:
    """The faults that still wait for their request, and what is done to the body of every answer."""

    waiting: list[Fault] = field(default_factory=list)
    tamper: Callable[[bytes], bytes] = bytes

    def add(self, fault: Fault) -> None:
        """Let a coming request go wrong."""
        self.waiting.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this request, if one waits for it."""
        for fault in self.waiting:
            if fault.matches(method, path):
                fault.times -= 1
                return fault
        return None


EDGE_PAGE = (
    "<!DOCTYPE html><html><head><title>api.cloudflare.com | {status}: Bad gateway</title></head>"
    "<body><h1>Bad gateway</h1><p>Error code {status}. Cloudflare Ray ID: 8e5b1c2d3f4a5b6c</p></body></html>"
)
