"""What is found to be not well, and the words in which events say so."""

from collections.abc import Iterable
from dataclasses import dataclass

from infra_mcp_kubectl.domain.events import EventSeries

_LONGEST = 500


@dataclass(frozen=True)
class Cause:
    """Something that is not well, and why.

    object: as pod/web-1, or pod/web-1 container app. says: the cluster's own words. previous_log: the end of the log
    of the container that died.
    """

    object: str
    cause: str
    says: list[str] | None = None
    exit_code: int | None = None
    restarts: int | None = None
    previous_log: list[str] | None = None
    next_step: str | None = None


def messages(events: Iterable[EventSeries], reason: str, word: str = "") -> list[str]:
    """What events of a reason say, where it contains the word."""
    return [event.message for event in events if event.reason == reason and word.lower() in event.message.lower()]


def unique(texts: Iterable[str]) -> list[str]:
    """The texts without repetition and without empty ones, cut to a bearable length."""
    return [text[:_LONGEST] for text in dict.fromkeys(texts) if text.strip()]
