"""Recorded measurements of a guest, summed up into a few equal steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

# The keys of the API's round-robin database, and how the answer calls them.
NAMES = {
    "cpu": "cpu_percent",
    "mem": "memory_used",
    "netin": "net_in_per_second",
    "netout": "net_out_per_second",
    "diskread": "disk_read_per_second",
    "diskwrite": "disk_write_per_second",
}
# `time` in seconds of the epoch, and what was measured then; None or absent where it was not.
Measurement = Mapping[str, float | None]


@dataclass(frozen=True)
class Metrics:
    """points: `time` and the mean of each metric in that step."""

    step_seconds: int
    average: dict[str, float]
    highest: dict[str, float]
    points: list[dict[str, float | int]]

    @classmethod
    def summed_up(cls, rows: Sequence[Measurement], points: int) -> "Metrics":
        """At most `points` steps, each the mean of what was measured in it; what was not measured is left out."""
        size = max(1, -(-len(rows) // points))
        chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
        values = {name: _values(rows, key) for key, name in NAMES.items()}
        return cls(
            step_seconds=int(_time(rows[1]) - _time(rows[0])) * size if len(rows) > 1 else 0,
            average={name: round(fmean(found), 2) for name, found in values.items() if found},
            highest={name: round(max(found), 2) for name, found in values.items() if found},
            points=[_point(chunk) for chunk in chunks],
        )


def _point(rows: Sequence[Measurement]) -> dict[str, float | int]:
    means = {name: round(fmean(found), 2) for key, name in NAMES.items() if (found := _values(rows, key))}
    return {"time": int(_time(rows[0])), **means}


def _time(row: Measurement) -> float:
    return row["time"] or 0.0


def _values(rows: Sequence[Measurement], key: str) -> list[float]:
    scale = 100 if key == "cpu" else 1
    return [float(value) * scale for row in rows if (value := row.get(key)) is not None]
