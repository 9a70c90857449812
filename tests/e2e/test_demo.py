"""The demo plays every server to its end."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = sorted(path.stem for path in (ROOT / "scripts/demos/parts").glob("*.py"))


# A question of a demo, and words that its answer must have: here all that is broken in the embedded cluster.
ANSWERS = {
    "proxmox": ("Is anything broken?:", ("node is offline", "pve3", "storage is 95 % full", "mail", "job errors"))
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.promise("demo")
def test_the_demo_of_a_server_ends_as_it_says(part: str) -> None:
    """It fails by itself when a step ends otherwise than announced: done, preview or refused."""
    played = subprocess.run([ROOT / "scripts/demo", part], check=False, capture_output=True, text=True, timeout=120)
    assert played.returncode == 0, played.stderr
    assert re.match(rf"\n\$ (\w+=\S+ )*{part}-mcp\n", played.stdout)
    question, words = ANSWERS.get(part, ("", ()))
    answer = played.stdout.partition(question)[2].partition("\n\n")[0] if question else ""
    assert not [word for word in words if word not in answer], answer
