"""Time as the sandbox sees it: the machine's own, or one that a test moves by hand."""

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.time()


class ManualClock:
    """Stands still until `advance` is called."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self.seconds = start

    def now(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
