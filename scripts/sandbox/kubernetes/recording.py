"""Every request the server was sent, in order."""

import threading
from dataclasses import dataclass, field

READS = {"GET", "HEAD", "OPTIONS"}
_REVIEWS = ("selfsubjectaccessreviews", "selfsubjectrulesreviews")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    user: str
    body: bytes
    agent: str

    @property
    def changes(self) -> bool:
        """Whether the request would change something: a write that is no dry run and no question."""
        return self.method not in READS and "dryRun" not in self.query and not self.path.endswith(_REVIEWS)


@dataclass
class Recording:
    requests: list[Request] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def changes(self) -> list[Request]:
        """The requests that changed something, or tried to."""
        return [request for request in self.requests if request.changes]

    def clear(self) -> None:
        with self._lock:
            self.requests.clear()
