"""The faults as data: one TOML file per distribution, beside this module.

A fault names its place by symbol, so that it stays valid when modules are moved or renamed:

    [protected-guests-are-not-spared]
    place = "check_protected"                # function, class, method or constant, as in "Policy.check_target"
    old = "if _names(rule, guest):"          # occurs exactly once in the symbol
    new = "if False:"
    tests = ["test_protected_guests_are_spared_even_when_confirmed[100]"]

`elsewhere` lists further placements ({place, old, new}), for a fault that has to fit two states of the code; one may
name the `distribution` that the code has moved to.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Placement:
    """An edit: `old` becomes `new` in the source text of the symbol `place` of a distribution."""

    distribution: str
    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """tests: function names, with the id in brackets where only one case of a parametrised test is meant."""

    name: str
    distribution: str
    placements: tuple[Placement, ...]
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.distribution}/{self.name}"


def distributions() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.toml"))


def load(distribution: str) -> list[Fault]:
    content = tomllib.loads((HERE / f"{distribution}.toml").read_text("utf-8"))
    return [_fault(distribution, name, entry) for name, entry in content.items()]


def load_all() -> list[Fault]:
    return [fault for distribution in distributions() for fault in load(distribution)]


def _fault(distribution: str, name: str, entry: dict[str, Any]) -> Fault:
    first = {key: entry[key] for key in ("place", "old", "new")}
    given = [{"distribution": distribution, **each} for each in (first, *entry.get("elsewhere", ()))]
    return Fault(name, distribution, tuple(Placement(**each) for each in given), tuple(entry["tests"]))
