"""`--configure` and `scripts/health`: what a person is asked, where the answers go, and what works then."""

import hashlib
import json
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import console_script, minimal_environment
from sandbox.proxmox import FakeProxmox
from support.installers import ROOT
from support.machine import Machine
from support.terminal import converse

CONFIGURE = ROOT / "scripts/configure"
TOKEN = "canary-token-0123456789"


def program(home: Path, name: str, text: str) -> dict[str, str]:
    """An environment with a program that writes its arguments into `<name>.log`, one a line, and then does this."""
    tools = home / "tools"
    tools.mkdir(exist_ok=True)
    (tools / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>"{home}/{name}.log"\n{text}\n')
    (tools / name).chmod(0o755)
    environment = minimal_environment(home)
    return environment | {"PATH": f"{tools}:{Path(sys.executable).parent}:{environment['PATH']}"}


def fingerprint(pve: FakeProxmox) -> str:
    host, port = pve.servers[0].address.split(":")
    der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((host, int(port))))
    return hashlib.sha256(der).digest().hex(":").upper()


@pytest.mark.promise("asks-and-tries")
def test_a_token_made_over_ssh_works_at_once(home: Path) -> None:
    with FakeProxmox() as pve:
        answer = json.dumps({"full-tokenid": pve.token.id, "info": {"privsep": "0"}, "value": pve.token.secret})
        shown = json.dumps([{"filename": "pve-ssl.pem", "fingerprint": fingerprint(pve)}])
        env = program(home, "ssh", f"cat <<'TEXT'\n{answer}\n{shown}\nTEXT")
        command: list[str | Path] = [CONFIGURE, f"proxmox={console_script('proxmox-mcp')}"]
        answers = [("host", pve.servers[0].address), ("over SSH", "y"), ("change things", "n")]
        status, seen = converse(command, answers, env=env, cwd=home)
    assert status == 0, seen
    assert "ok    api" in seen
    assert pve.token.secret not in seen
    host, remote = (home / "ssh.log").read_text().splitlines()
    assert host == "root@127.0.0.1"
    assert "--roles PVEAuditor" in remote
    assert stat.S_IMODE((home / ".config/infra-mcp/proxmox.env").stat().st_mode) == 0o600


def test_nothing_is_set_when_no_token_could_be_made(home: Path) -> None:
    env = program(home, "ssh", "exit 255")
    command: list[str | Path] = [CONFIGURE, f"proxmox={console_script('proxmox-mcp')}"]
    answers = [("host", "127.0.0.1:1"), ("over SSH", "y"), ("change things", "n")]
    _, seen = converse(command, answers, env=env, cwd=home)
    assert "nothing was set" in seen
    assert not (home / ".config/infra-mcp/proxmox.env").exists()


def test_a_host_that_ssh_would_take_for_an_option_is_not_handed_to_it(home: Path) -> None:
    (home / ".ssh").mkdir()
    (home / ".ssh/id_ed25519").touch()
    env = program(home, "ssh-copy-id", "")
    answers = [("Copy the key", "-oProxyCommand=x"), ("Copy the key", "me@web1"), ("Copy the key", "")]
    converse([CONFIGURE, f"ssh={console_script('ssh-mcp')}"], answers, env=env, cwd=home)
    assert (home / "ssh-copy-id.log").read_text().splitlines() == ["-i", f"{home}/.ssh/id_ed25519.pub", "me@web1"]


@pytest.mark.promise("asks-and-tries")
def test_a_typed_token_is_neither_shown_nor_loses_what_the_file_has(machine: Machine) -> None:
    """From end to end: the script installs, asks, and ends with its table."""
    machine.env_file("cloudflare").parent.mkdir(parents=True)
    machine.env_file("cloudflare").write_text("# mine\n#CF_API_TOKEN=\nCF_ACCOUNT_ID=abc\n")
    command: list[str | Path] = [machine.checkout / "install-mcp.sh", "--configure", "--only", "cloudflare"]
    status, seen = converse(command, [("not shown", TOKEN)], env=machine.environment, cwd=machine.home)
    assert (status, TOKEN in seen) == (0, False), seen
    assert machine.env_file("cloudflare").read_text() == f"# mine\nCF_API_TOKEN={TOKEN}\nCF_ACCOUNT_ID=abc\n"
    assert stat.S_IMODE(machine.env_file("cloudflare").stat().st_mode) == 0o600
    assert TOKEN not in machine.log.read_text()
    assert "cloudflare  installed" in seen


def test_it_needs_a_terminal(machine: Machine) -> None:
    done = machine.install("--configure")
    assert (done.returncode, machine.tree(), "terminal" in done.stderr) == (2, {}, True)


def health(home: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    env = minimal_environment(home) | {"PATH": f"{Path(sys.executable).parent}:{minimal_environment(home)['PATH']}"}
    command = [str(ROOT / "scripts/health"), "--only", "proxmox", *flags]
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


UNREACHABLE = "PROXMOX_HOST=127.0.0.1:1\nPROXMOX_API_TOKEN=a@b!c=d\n"


@pytest.mark.parametrize(
    ("settings", "verdict", "status"),
    [("", "not set up", 0), (UNREACHABLE, "could not look", 3)],
    ids=["empty", "unreachable"],
)
@pytest.mark.promise("health-tells-what-is-broken")
def test_health_answers_whether_anything_is_broken(home: Path, settings: str, verdict: str, status: int) -> None:
    env_file = home / ".config/infra-mcp/proxmox.env"
    env_file.parent.mkdir(parents=True)
    env_file.write_text(settings)
    env_file.chmod(0o600)
    told = health(home, "--json")
    (report,) = json.loads(told.stdout)["servers"]
    assert (told.returncode, report["verdict"]) == (status, verdict)
    table = health(home)
    assert table.stdout.startswith(f"proxmox  {verdict}  ")
    assert all(found["fix"] in table.stdout for found in report["findings"] if found["state"] != "ok")


@pytest.mark.promise("health-tells-what-is-broken")
def test_health_tells_what_is_broken_in_a_cluster_that_answers(home: Path) -> None:
    with FakeProxmox() as pve:
        pve.add_guest(100, name="web")
        env_file = home / ".config/infra-mcp/proxmox.env"
        env_file.parent.mkdir(parents=True)
        env_file.write_text("".join(f"{name}={value}\n" for name, value in pve.environment().items()))
        env_file.chmod(0o600)
        well = json.loads(health(home, "--json").stdout)["servers"][0]["verdict"]
        pve.cluster.nodes["pve2"].online = False
        told = health(home, "--json")
    assert well == "well"
    (report,) = json.loads(told.stdout)["servers"]
    assert (told.returncode, report["verdict"]) == (1, "broken")
    assert [found["check"] for found in report["findings"] if found["state"] == "failed"] == ["pve2"]
