"""Prove that the tests notice when something is broken. See `scripts/faults --help`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from deliberate_faults import data
from deliberate_faults.data import Fault
from deliberate_faults.judging import judge
from deliberate_faults.trees import Tree

ROOT = Path(__file__).parents[2]


def main() -> int:
    arguments = _parser().parse_args()
    faults = [fault for fault in data.load_all() if fault.distribution in (arguments.only or data.distributions())]
    known = {fault.name for fault in faults}
    if unknown := set(arguments.name) - known:
        _parser().error(f"no such fault: {', '.join(sorted(unknown))}; --list shows those there are")
    faults = [fault for fault in faults if fault.name in (arguments.name or known)]
    return _list(faults) if arguments.list else _prove(faults, max(1, arguments.n))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/faults",
        description="Prove that the tests notice when something is broken: make deliberate faults, one at a time, in a"
        " copy of the checkout, and run the tests that must notice each. They are run without any fault first, and"
        " must pass. Fails unless every fault is caught.",
    )
    parser.add_argument("name", nargs="*", help="faults to make (default: all)")
    parser.add_argument("--only", choices=data.distributions(), action="append", help="those of this one alone")
    parser.add_argument("-n", type=int, default=2, metavar="JOBS", help="how many at once (default: 2)")
    parser.add_argument("--list", action="store_true", help="show the faults with their places and tests, and end")
    return parser


def _list(faults: list[Fault]) -> int:
    for fault in faults:
        print(fault, fault.placements[0].place, ", ".join(fault.tests), sep="\t")
    return 0


def _prove(faults: list[Fault], jobs: int) -> int:
    began, caught = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        trees = [Tree(ROOT, Path(folder, str(number))) for number in range(jobs)]
        for judged in judge(ROOT, faults, trees):
            print(judged, flush=True)
            caught += judged.outcome == "caught"
    print(f"{caught} of {len(faults)} faults caught in {time.monotonic() - began:.0f} s")
    return 0 if caught == len(faults) else 1


if __name__ == "__main__":
    sys.exit(main())
