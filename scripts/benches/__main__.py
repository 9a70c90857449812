"""Measure the servers beside what people would use instead. See `scripts/bench --help`.

Each module in parts/ is one server's contest, or that of all at their start: ROWS, the titles of its figures with their
units, and `contest(folder, peers=...)`, a context manager that yields the contestants, ours first.
"""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from benches.contest import measure, table

PARTS = sorted(path.stem for path in Path(__file__).with_name("parts").glob("*.py"))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure each server beside what people would use instead: the plain command line, and a peer from"
        " npm, which is installed into the user's cache. All contestants take turns in one run, so that the ratios"
        " hold on a busy machine; each figure is a median.",
    )
    parser.add_argument("part", nargs="*", help=f"which to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument(
        "--rounds",
        type=int,
        default=10,
        help="how often each contestant has its turn, after one that does not count"
        " (default: 10); with 0 that one counts: rough, but quick",
    )
    parser.add_argument("--no-peers", action="store_true", help="leave the peers from npm out")
    arguments = parser.parse_args()
    if arguments.rounds < 0:
        parser.error("--rounds must be at least 0")
    if unknown := set(arguments.part) - set(PARTS):
        parser.error(f"nothing to measure for {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    for name in arguments.part or PARTS:
        part = importlib.import_module(f"benches.parts.{name}")
        _hold(part, arguments.rounds, peers=not arguments.no_peers)
    return 0


def _hold(part: ModuleType, rounds: int, *, peers: bool) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        part.contest(Path(folder), peers=peers) as contestants,
    ):
        print(table(part.ROWS, measure(contestants, rounds), contestants))


if __name__ == "__main__":
    sys.exit(main())
