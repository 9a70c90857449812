"""Write the manifests from which servers answer before the SDK is loaded. See `scripts/generate-manifests --help`."""

import argparse
import sys
from pathlib import Path

from manifests import roster, snapshots
from manifests.manifest import render

ROOT = Path(__file__).parents[2]
ROSTER = ROOT / "tests/contract/roster.txt"
COMMAND = "scripts/generate-manifests"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Ask every server, through the SDK and in both eras of the protocol, what it answers to the"
        " handshake and to the listings, and write that into its package: the manifest from which it starts at once."
        f" {ROSTER.relative_to(ROOT)} has a line for every tool, {snapshots.FOLDER} a file.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one of them is not up to date")
    parser.add_argument(
        "--sizes",
        action="store_true",
        help=f"also take the listings' present sizes as those to compare with, in {snapshots.SIZES}",
    )
    arguments = parser.parse_args()
    manifests = _manifests()
    wanted = _files(manifests, sizes=arguments.sizes)
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    leftover = [path for path in (ROOT / snapshots.FOLDER).glob("*/*.json") if path not in wanted]
    for path in [*stale, *leftover]:
        if arguments.check:
            print(f"{path.relative_to(ROOT)} is out of date; run {COMMAND}", file=sys.stderr)
        elif path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], "utf-8")
        else:
            path.unlink()
    return 1 if arguments.check and (stale or leftover) else 0


def _manifests() -> dict[Path, str]:
    packages = sorted(ROOT.glob("servers/*/src/infra_mcp_*"))
    return {package / "manifest.json": render(package.name) for package in packages}


def _files(manifests: dict[Path, str], *, sizes: bool) -> dict[Path, str]:
    """Every generated file and what it should say."""
    texts = list(manifests.values())
    written = manifests | {ROOT / path: text for path, text in snapshots.files(texts)} | {ROSTER: roster.render(texts)}
    return written | {ROOT / snapshots.SIZES: snapshots.render(snapshots.sizes(texts))} if sizes else written


if __name__ == "__main__":
    sys.exit(main())
