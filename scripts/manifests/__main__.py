"""Write the manifests from which servers answer before the SDK is loaded. See `scripts/generate-manifests --help`."""

import argparse
import sys
from pathlib import Path

from manifests import roster
from manifests.manifest import render

ROOT = Path(__file__).parents[2]
ROSTER = ROOT / "tests/contract/roster.txt"
COMMAND = "scripts/generate-manifests"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Ask every server, through the SDK and in both eras of the protocol, what it answers to the"
        " handshake and to the listings, and write that into its package: the manifest from which it starts at once."
        f" {ROSTER.relative_to(ROOT)} has a line for every tool.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one of them is not up to date")
    arguments = parser.parse_args()
    stale = [(path, text) for path, text in _files() if not path.is_file() or path.read_text("utf-8") != text]
    for path, text in stale:
        if arguments.check:
            print(f"{path.relative_to(ROOT)} is out of date; run {COMMAND}", file=sys.stderr)
        else:
            path.write_text(text, "utf-8")
    return 1 if stale and arguments.check else 0


def _files() -> list[tuple[Path, str]]:
    """Where each server's manifest and the roster are, and what they should say."""
    packages = sorted(ROOT.glob("servers/*/src/infra_mcp_*"))
    manifests = [(package / "manifest.json", render(package.name)) for package in packages]
    return [*manifests, (ROSTER, roster.render([text for _, text in manifests]))]


if __name__ == "__main__":
    sys.exit(main())
