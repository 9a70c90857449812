"""The figures of a server's life: it starts, lists its tools, is called once, and then again and again."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from benches.contest import Sample
from benches.wire import Wire, wire

LISTED = "process start to first tools/list"
LISTED_RSS, LISTED_PSS = "memory when listed, RSS", "memory when listed, PSS"
CALLED_RSS, CALLED_PSS = "memory after the calls, RSS", "memory after the calls, PSS"


def rows(first: str, again: str) -> dict[str, str]:
    """All rows, with the titles that this server's first and further calls go by."""
    return {
        LISTED: "ms",
        LISTED_RSS: "MB",
        LISTED_PSS: "MB",
        first: "ms",
        again: "ms",
        CALLED_RSS: "MB",
        CALLED_PSS: "MB",
    }


def live(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    call: Callable[[Wire], None],
    first: str,
    again: str,
    times: int = 20,
) -> Sample:
    """Start a server and use it. times: how often the further call is made, fewer where it takes long."""
    figures: dict[str, float] = {}
    begin = time.perf_counter()
    with wire(command, environment) as server:
        server.list_tools()
        figures[LISTED] = (time.perf_counter() - begin) * 1000
        figures[LISTED_RSS], figures[LISTED_PSS] = server.memory()
        figures[first] = milliseconds(lambda: call(server))
        figures[again] = typical_milliseconds(lambda: call(server), times)
        figures[CALLED_RSS], figures[CALLED_PSS] = server.memory()
    return figures


def milliseconds(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1000


def typical_milliseconds(action: Callable[[], object], times: int = 20) -> float:
    return median(milliseconds(action) for _ in range(times))
