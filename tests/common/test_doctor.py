"""`doctor` says what is set and where, what is missing and how to mend it, and never a value."""

import json
import subprocess
from pathlib import Path
from typing import Any

from sandbox.client import console_script, minimal_environment
from support.suite import PROBE


def doctor(home: Path, *flags: str, **env: str) -> subprocess.CompletedProcess[str]:
    argv = [str(console_script("python")), str(PROBE), "doctor", *flags]
    return subprocess.run(
        argv, capture_output=True, text=True, check=False, env=minimal_environment(home) | env, stdin=subprocess.DEVNULL
    )


def findings(finished: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {finding["check"]: finding for finding in json.loads(finished.stdout)["findings"]}


def test_it_tells_set_from_missing_and_keeps_values_to_itself(home: Path) -> None:
    missing = doctor(home, "--json")
    assert findings(missing)["PROBE_TOKEN"]["state"] == "missing"
    found = doctor(home, "--json", PROBE_TOKEN="canary-token")
    assert findings(found)["PROBE_TOKEN"]["state"] == "ok"
    assert "canary" not in found.stdout + found.stderr + doctor(home, PROBE_TOKEN="canary-token").stdout
    assert (missing.returncode, found.returncode) == (0, 0)


def test_what_does_not_work_is_told_with_its_remedy_and_by_the_exit_status(home: Path, env_file: Path) -> None:
    env_file.write_text("PROBE_TOKEN=x\n")
    env_file.chmod(0o640)
    broken = doctor(home, "--json")
    assert broken.returncode == 1
    assert {(f["state"], f["fix"]) for f in findings(broken).values() if f["state"] == "failed"} == {
        ("failed", f"Run: chmod 600 {env_file}")
    }
    assert "FAIL" in doctor(home).stdout
