"""Contestants that take turns, and the table of their medians."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Sample = Mapping[str, float]
Medians = Mapping[str, Sample]


@dataclass(frozen=True)
class Contestant:
    """sample: one turn, figures by the title of their row; or absent: why there can be none."""

    name: str
    sample: Callable[[], Sample] | None = None
    absent: str = ""


def measure(contestants: Sequence[Contestant], rounds: int) -> Medians:
    """Let everybody have a turn in each round, after one that warms caches and counts only where it is the only one."""
    samples: dict[str, list[Sample]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds + 1):
        for contestant in contestants:
            if contestant.sample is not None:
                figures = contestant.sample()
                samples[contestant.name] += [figures] if number or not rounds else []
    return {name: _medians(turns) for name, turns in samples.items()}


def table(rows: Mapping[str, str], medians: Medians, contestants: Sequence[Contestant]) -> str:
    """Lay out rows (title: unit), with each contestant's figure as a multiple of the first one's."""
    names = [contestant.name for contestant in contestants]
    lines = [["", "", *names]]
    for title, unit in rows.items():
        ours = medians[names[0]].get(title)
        lines.append([title, unit, *(_cell(medians[name].get(title), ours) for name in names)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    laid_out = [
        f"{line[0]:<{widths[0]}}  {line[1]:<{widths[1]}}"
        + "".join(f"  {cell:>{width}}" for cell, width in zip(line[2:], widths[2:], strict=True))
        for line in lines
    ]
    notes = [f"{contestant.name}: {contestant.absent}" for contestant in contestants if contestant.absent]
    return "\n".join([*laid_out, f"1.00x: {names[0]}", *notes])


def _medians(samples: Sequence[Sample]) -> Sample:
    titles = samples[0] if samples else ()
    return {title: median(sample[title] for sample in samples) for title in titles}


def _cell(figure: float | None, ours: float | None) -> str:
    if figure is None:
        return "-"
    ratio = f"  {figure / ours:5.2f}x" if ours else ""
    return f"{figure:.1f}{ratio}"
