"""The benchmark measures every row that it announces."""

import subprocess
from pathlib import Path

import pytest

from support.tools import require

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.full
PARTS = sorted(path.stem for path in (ROOT / "scripts/benches/parts").glob("*.py"))


@pytest.mark.parametrize("part", PARTS)
def test_our_server_has_a_figure_in_every_row(part: str) -> None:
    require("claude" if part == "start" else "sshd")
    command = [str(ROOT / "scripts/bench"), part, "--rounds", "0", "--no-peers"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    rows = [line for line in printed.splitlines() if " ms " in line or " MB " in line]
    assert rows
    assert all("1.00x" in row for row in rows)
