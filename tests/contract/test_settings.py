"""What every server says of its settings: a template to fill in, and a doctor that knows unset from broken."""

import json
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values

from sandbox.client import console_script, minimal_environment
from support.installers import SERVERS


def run(home: Path, server: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(console_script(f"{server}-mcp")), *arguments]
    done = subprocess.run(
        command, env=minimal_environment(home), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done


def diagnose(home: Path, server: str) -> tuple[int, dict[str, Any]]:
    done = run(home, server, "doctor", "--json")
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("server", SERVERS)
def test_a_template_sets_nothing_until_a_line_is_filled_in(home: Path, server: str) -> None:
    template = run(home, server, "env-template").stdout
    assert dotenv_values(stream=StringIO(template)) == {}
    _, report = diagnose(home, server)
    names = [found["check"] for found in report["findings"] if found["detail"].startswith("not set")]
    for name in names:
        assert template.count(f"\n#{name}=") == 1
        template = template.replace(f"\n#{name}=", f"\n{name}=value-")
    filled = dotenv_values(stream=StringIO(template))
    assert names
    assert set(names) == {name for name, value in filled.items() if value and value.startswith("value-")}


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.promise("doctor-tells-what-is-missing")
def test_the_verdict_the_findings_and_the_exit_status_agree(home: Path, server: str) -> None:
    status, report = diagnose(home, server)
    states = {finding["state"] for finding in report["findings"]}
    verdict = "broken" if "failed" in states else "not set up" if "todo" in states else "ok"
    assert (report["verdict"], report["healthy"]) == (verdict, verdict == "ok")
    assert status == {"ok": 0, "broken": 1, "not set up": 3}[verdict]
    assert all(finding["fix"] for finding in report["findings"] if finding["state"] in {"todo", "failed"})


def test_a_server_that_nobody_set_up_is_not_broken(home: Path) -> None:
    status, report = diagnose(home, "proxmox")
    (todo,) = [finding for finding in report["findings"] if finding["state"] == "todo"]
    assert (status, "PROXMOX_HOST" in todo["detail"], str(home) in todo["fix"]) == (3, True, True)


def test_a_server_whose_other_side_does_not_answer_is_broken(home: Path) -> None:
    env_file = home / ".config/infra-mcp/proxmox.env"
    env_file.parent.mkdir(parents=True)
    env_file.write_text("PROXMOX_HOST=127.0.0.1:1\nPROXMOX_API_TOKEN=root@pam!mcp=canary-0000-1111\n")
    env_file.chmod(0o600)
    status, report = diagnose(home, "proxmox")
    assert (status, report["verdict"]) == (1, "broken")
    assert "canary" not in json.dumps(report)
