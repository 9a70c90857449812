"""Secrets reach no answer, no progress, no log and no file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.ansible import Ansible, Project, StartAnsibleProcess
from support.answers import data

pytestmark = pytest.mark.anyio

CANARIES = {name: f"canary-{name}-7f3a" for name in ("extra", "vault", "file", "inventory", "nolog")}
PLAY = """
- hosts: db
  gather_facts: false
  vars_files: [vaulted.yml]
  tasks:
    - name: say {{ inline }}
      debug: {msg: "{{ db_password }} {{ inline }} {{ from_file }} {{ api_token }}"}
    - {name: hidden, command: "echo CANARY; exit 1", no_log: true, ignore_errors: true}
    - {name: shown, shell: "echo {{ db_password }} {{ inline }} {{ from_file }} {{ api_token }}; exit 1"}
""".replace("CANARY", CANARIES["nolog"])


def vault(project: Project, *arguments: str) -> str:
    program = Path(sys.executable).with_name("ansible-vault")
    command = [str(program), *arguments, "--vault-password-file", str(project.folder / "password")]
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


async def test_no_canary_is_seen_or_left(
    start_ansible_process: StartAnsibleProcess, project: Project, home: Path
) -> None:
    project.write("password", "the-vault-password\n")
    inline = vault(project, "encrypt_string", "--name", "inline", CANARIES["vault"])
    project.write("group_vars/db.yml", f"{inline}\n")
    project.write("host_vars/db1.yml", f"api_token: {CANARIES['inventory']}\n")
    project.write("vaulted.yml", f"from_file: {CANARIES['file']}\n")
    vault(project, "encrypt", str(project.folder / "vaulted.yml"))
    book = project.write("play.yml", PLAY)
    told: list[str] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    extra = {"db_password": CANARIES["extra"]}
    given = {"playbook": book, "inventory": project.hosts, "extra_vars": extra, "verbosity": 3}
    settings = {"ANSIBLE_VAULT_PASSWORD_FILE": str(project.folder / "password")}
    async with start_ansible_process(env=settings) as ansible:
        result = await ansible.server.client.call_tool("run_playbook", given, progress_callback=hear)
        ran = data(result)
        variables = await ansible.call("get_host_vars", host="db1", inventory=project.hosts)
        log = await ansible.call("get_run", run_id=ran["run_id"])
        args = {"cmd": "cat", "stdin": f"{CANARIES['file']} {CANARIES['extra']}"}
        adhoc = {"pattern": "db", "module": "command", "args": args, "inventory": project.hosts}
        said = await ansible.call("run_adhoc", **adhoc)
        assert ansible.files() == []
        seen = "".join([*told, *map(str, (result, variables, log, said)), ansible.server.stderr])
    assert ran["status"] == "failed"
    assert ran["failures"][0]["stdout"].count("«redacted»") == 4
    assert said["results"][0]["stdout"] == "«redacted» «redacted»"
    assert variables["variables"]["api_token"] == "«redacted»"
    assert any("say" in message for message in told)
    assert [name for name, canary in CANARIES.items() if canary in seen] == []
    audit = home / ".local/state/infra-mcp/audit/ansible.jsonl"
    assert "run_playbook" in audit.read_text()
    left = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert [name for name, canary in CANARIES.items() if canary.encode() in left] == []


async def test_no_secret_is_in_a_command_line_while_it_runs(ansible: Ansible, project: Project) -> None:
    look = "{shell: \"cat /proc/[0-9]*/cmdline | tr '\\\\0' ' '; env\", register: seen}"
    tell = "{fail: {msg: found}, when: given_password ~ '' in seen.stdout or 'extra_vars.yml' not in seen.stdout}"
    ran = await ansible.play(project, look, tell, extra_vars={"given_password": f"canary-{os.getpid()}-argv"})
    assert ran["status"] == "successful", ran
