"""`health` says how the other side is, looks only, and says what it could not look at."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import console_script, minimal_environment
from support.suite import PROBE

TOKEN = "canary-token"


def health(home: Path, *flags: str, **env: str) -> tuple[int, dict[str, Any]]:
    argv = [str(console_script("python")), str(PROBE), "health", "--json", *flags]
    environment = minimal_environment(home) | {"PROBE_TOKEN": TOKEN} | env
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment, stdin=subprocess.DEVNULL)
    assert TOKEN not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("found", "verdict", "status"),
    [("ok", "well", 0), ("degraded", "degraded", 4), ("failed", "broken", 1), ("unknown", "could not look", 3)],
)
def test_the_worst_of_what_was_found_is_the_verdict(home: Path, found: str, verdict: str, status: int) -> None:
    assert health(home, PROBE_OTHER_SIDE=found) == (
        status,
        {
            "server": "probe",
            "healthy": verdict == "well",
            "verdict": verdict,
            "findings": [
                {"check": "token", "state": "ok", "detail": "12 characters", "fix": ""},
                {"check": "first part", "state": "ok", "detail": "looked at", "fix": ""},
                {"check": "second part", "state": found, "detail": "as the setting says", "fix": ""},
            ],
        },
    )


@pytest.mark.parametrize(("trouble", "flags"), [("wait", ["--seconds", "0.3"]), ("change", [])])
def test_what_takes_too_long_or_would_change_something_was_not_looked_at(
    home: Path, trouble: str, flags: list[str]
) -> None:
    status, report = health(home, *flags, PROBE_OTHER_SIDE=trouble)
    assert (status, report["verdict"]) == (3, "could not look")
    states = {finding["check"]: finding["state"] for finding in report["findings"]}
    assert states == {"token": "ok", "first part": "ok", "other_side": "unknown"}


def test_a_server_that_is_not_set_up_was_not_looked_at(home: Path) -> None:
    status, report = health(home, PROBE_TOKEN="")
    assert (status, report["verdict"], report["findings"][0]["state"]) == (3, "could not look", "todo")
