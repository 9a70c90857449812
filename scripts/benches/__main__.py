"""Measure the servers beside what people would use instead. See `scripts/bench --help`."""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from benches.contest import measure, table

PARTS = sorted(path.stem for path in Path(__file__).with_name("parts").glob("*.py"))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure each server beside what people would use instead: the plain command line, and a peer from"
        " npm, which is installed into the user's cache. All contestants take turns in one run, so that the ratios"
        " hold on a busy machine; each figure is a median.",
    )
    parser.add_argument("server", nargs="*", help=f"which to measure: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=10, help="how often each contestant has its turn (default: 10)")
    arguments = parser.parse_args()
    if unknown := set(arguments.server) - set(PARTS):
        parser.error(f"nothing to measure for {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    for name in arguments.server or PARTS:
        part = importlib.import_module(f"benches.parts.{name}")
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder, part.contest(Path(folder)) as contestants:
            print(table(part.ROWS, measure(contestants, arguments.rounds), contestants))
    return 0


if __name__ == "__main__":
    sys.exit(main())
