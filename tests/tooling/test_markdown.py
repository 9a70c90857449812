"""scripts/check finds links and paths in the documentation that lead nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).parents[2] / "scripts/checks/markdown.py"


def check(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Check one document in a small repository that has GUIDE.md with the heading `Getting started` and tools/run."""
    (folder / "tools").mkdir()
    (folder / "tools/run").touch()
    (folder / "GUIDE.md").write_text("# Getting started!\n")
    (folder / "README.md").write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return subprocess.run([sys.executable, CHECK], cwd=folder, check=False, capture_output=True, text=True)


@pytest.mark.parametrize(
    "text",
    ["[gone](docs/gone.md)", "[gone](GUIDE.md#finishing)", "![gone](gone.png)", "see `tools/walk`", "see `NOTES.md`"],
)
def test_a_dead_reference_fails_and_is_named(tmp_path: Path, text: str) -> None:
    result = check(text, tmp_path)
    assert result.returncode == 1
    assert result.stdout.startswith("README.md: dead ")
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[guide](GUIDE.md#getting-started)",
        "[here](#here)\n\n# Here",
        "[elsewhere](https://example.org/x)",
        "run `tools/run`, `tools/`, `tools/<name>`, `other/thing` or `a / b`",
        "```\ncat tools/walk\n```",
    ],
)
def test_what_is_there_or_is_not_ours_to_check_passes(tmp_path: Path, text: str) -> None:
    assert check(text, tmp_path).returncode == 0
