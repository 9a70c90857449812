"""Show the servers at work on infrastructure that lives inside this process. See `scripts/demo --help`.

Each module in parts/ is one server's part: `async def play(folder)`, which starts what the server needs in that folder,
then the server itself with `demos.stage.perform`.
"""

import argparse
import asyncio
import importlib
import sys
import tempfile
from pathlib import Path

from demos.stage import Unexpected

PARTS = sorted(path.stem for path in Path(__file__).with_name("parts").glob("*.py"))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Start each server as Claude Code would, on infrastructure that lives inside this process, and"
        " print what it is asked and what it answers. Nothing outside a temporary folder is touched.",
    )
    parser.add_argument("server", nargs="*", help=f"which to show: {', '.join(PARTS)} (default: all)")
    chosen: list[str] = parser.parse_args().server or PARTS
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no demo of {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    failures = [part for part in chosen if not _show(part)]
    return 1 if failures else 0


def _show(part: str) -> bool:
    """Play a part; whether every step ended as it was meant to."""
    ended_well = True
    try:
        asyncio.run(_play(part))
    except* Unexpected:
        ended_well = False
    return ended_well


async def _play(part: str) -> None:
    """Run `play(folder)` of the part, in a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"demo-{part}-") as folder:
        await importlib.import_module(f"demos.parts.{part}").play(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
