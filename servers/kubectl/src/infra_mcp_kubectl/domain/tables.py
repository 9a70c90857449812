"""kubectl's tables taken apart, and the rows that need attention brought to the front."""

import re
from dataclasses import dataclass, field, replace

Row = list[str]
_WELL = {"Running", "Completed", "Succeeded", "Ready", "Active", "Bound", "Complete", "Available", "Healthy", "Normal"}
_ENDED_WELL = ("Completed", "Succeeded", "Complete")
_UNITS = {"": 1.0, "m": 1e-3, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "n": 1e-9, "u": 1e-6}
_TITLES = {"cpu": "CPU(cores)", "memory": "MEMORY(bytes)"}


@dataclass(frozen=True)
class Table:
    """Titles and cells. warnings: what the API server said beside it."""

    columns: list[str]
    rows: list[Row]
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str, warnings: list[str] | None = None) -> "Table":
        """Read a table. Columns are aligned under their titles, three spaces or more apart."""
        lines = text.rstrip("\n").splitlines()
        if not lines:
            return cls([], [], warnings or [])
        starts = [found.start() for found in re.finditer(r"(?:(?<=^)|(?<=\s\s))\S", lines[0])]
        ends = [*starts[1:], None]
        columns, *rows = ([line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for line in lines)
        return cls(columns, rows, warnings or [])

    def containing(self, text: str) -> "Table":
        """The rows that contain a text, whatever its case."""
        return replace(self, rows=[row for row in self.rows if text.lower() in " ".join(row).lower()])

    def problems(self) -> list[Row]:
        """The rows that need attention."""
        return [row for row in self.rows if self._is_problem(row)]

    def problems_first(self) -> list[Row]:
        return sorted(self.rows, key=lambda row: not self._is_problem(row))

    def heaviest_first(self, by: str) -> list[Row]:
        """Rows of `kubectl top`, the one that uses most first. by: cpu or memory."""
        title = _TITLES[by]
        if title not in self.columns:
            return self.rows
        position = self.columns.index(title)
        return sorted(self.rows, key=lambda row: quantity(row[position]), reverse=True)

    def _is_problem(self, row: Row) -> bool:
        """Whether a row tells of something that is not well, by its STATUS and READY columns."""
        cells = dict(zip(self.columns, row, strict=False))
        status = cells.get("STATUS")
        if status in _ENDED_WELL:
            return False
        if status is not None and status.partition(",")[0] not in _WELL:
            return True
        counts = re.fullmatch(r"(\d+)/(\d+)", cells.get("READY", ""))
        return counts is not None and int(counts[1]) < int(counts[2])


def quantity(text: str) -> float:
    """A quantity such as 250m or 64Mi as a number; 0 for what is none."""
    found = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", text)
    return float(found[1]) * _UNITS.get(found[2], 1.0) if found else 0.0
