"""Every command in scripts/ explains itself, and refuses what it does not know."""

import subprocess
from pathlib import Path

import pytest

SCRIPTS = sorted(path for path in (Path(__file__).parents[2] / "scripts").iterdir() if path.is_file())


def run(script: Path, argument: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([script, argument], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_help_shows_how_to_use_it(script: Path) -> None:
    shown = run(script, "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"usage: scripts/{script.name}")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_an_unknown_option_fails_with_the_usage(script: Path) -> None:
    refused = run(script, "--no-such-option")
    assert refused.returncode != 0
    assert "usage" in refused.stderr
