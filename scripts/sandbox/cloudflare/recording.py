"""Every request the fake received, without its credential."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """One request as it came in; `status` is None while it is answered, and stays so when the answer was dropped."""

    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any
    headers: dict[str, str]
    status: int | None = None


@dataclass
class Recording:
    """All requests, oldest first."""

    requests: list[Request] = field(default_factory=list)

    def of(self, *methods: str) -> list[Request]:
        """The requests with one of these methods."""
        return [request for request in self.requests if request.method in methods]

    @property
    def writes(self) -> list[Request]:
        """Every request that could change something."""
        return [request for request in self.requests if request.method != "GET"]

    def clear(self) -> None:
        """Forget everything so far."""
        self.requests.clear()
