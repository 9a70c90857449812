"""Conditions that a call can wait for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WaitOutcome:
    """Whether the condition was met in time, and what kubectl said of it."""

    met: bool
    said: str
