"""Recorded measurements, summed up into a few equal steps."""

from statistics import fmean

from infra_mcp_proxmox.answers.guests import Metrics
from infra_mcp_proxmox.transport.api import Row

NAMES = {
    "cpu": "cpu_percent",
    "mem": "memory_used",
    "netin": "net_in_per_second",
    "netout": "net_out_per_second",
    "diskread": "disk_read_per_second",
    "diskwrite": "disk_write_per_second",
}


def summed_up(vmid: int, timeframe: str, rows: list[Row], points: int) -> Metrics:
    """At most `points` steps, each the mean of what was measured in it; what was not measured is left out."""
    size = max(1, -(-len(rows) // points))
    chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
    step = int(rows[1]["time"] - rows[0]["time"]) * size if len(rows) > 1 else 0
    values = {name: _values(rows, key) for key, name in NAMES.items()}
    return Metrics(
        vmid=vmid,
        timeframe=timeframe,
        step_seconds=step,
        average={name: round(fmean(found), 2) for name, found in values.items() if found},
        highest={name: round(max(found), 2) for name, found in values.items() if found},
        points=[_point(chunk) for chunk in chunks],
    )


def _point(rows: list[Row]) -> dict[str, float | int]:
    means = {name: round(fmean(found), 2) for key, name in NAMES.items() if (found := _values(rows, key))}
    return {"time": int(rows[0]["time"]), **means}


def _values(rows: list[Row], key: str) -> list[float]:
    scale = 100 if key == "cpu" else 1
    return [float(row[key]) * scale for row in rows if row.get(key) is not None]
