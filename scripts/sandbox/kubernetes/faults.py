"""Misbehaviour on demand: slow answers, refused connections, and answers that never come."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Faults:
    """Set `mode` to "slow" (waits `delay` seconds), "hang" (never answers), "drop" (closes without an answer) or
    "broken" (500 with a page that is no JSON); "" is well behaved.

    `only` limits it to paths that contain the text. `most_at_once` counts the slow answers that were due together.
    `tamper` is done to the body of every answer.
    """

    mode: str = ""
    delay: float = 0.5
    only: str = ""
    tamper: Callable[[bytes], bytes] = bytes
    released: threading.Event = field(default_factory=threading.Event)
    most_at_once: int = 0
    _waiting: int = 0

    def strike(self, path: str) -> str:
        """Wait as the mode says; the answer is the mode to act on, if it applies to the path."""
        if not self.mode or self.only not in path:
            return ""
        if self.mode == "slow":
            self._waiting += 1
            self.most_at_once = max(self.most_at_once, self._waiting)
            time.sleep(self.delay)
            self._waiting -= 1
            return ""
        if self.mode == "hang":
            self.released.wait(120)
        return self.mode
