"""Secrets reach no answer, no progress, no log and no file."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.answers import data

pytestmark = pytest.mark.anyio

CANARIES = {name: f"canary-{name}-7f3a" for name in ("extra", "vault", "file", "inventory", "nolog", "adhoc")}
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


def vault(project: Any, *arguments: str) -> str:
    program = Path(sys.executable).with_name("ansible-vault")
    command = [str(program), *arguments, "--vault-password-file", str(project.folder / "password")]
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


async def test_no_canary_is_seen_or_left(ansible: Any, project: Any, home: Path) -> None:
    project.write("password", "the-vault-password\n")
    inline = vault(project, "encrypt_string", "--name", "inline", CANARIES["vault"])
    project.write("group_vars/db.yml", f"{inline}\n")
    project.write("host_vars/db1.yml", f"api_token: {CANARIES['inventory']}\n")
    project.write("vaulted.yml", f"from_file: {CANARIES['file']}\n")
    vault(project, "encrypt", str(project.folder / "vaulted.yml"))
    book = project.write("play.yml", PLAY)
    told: list[str] = []

    async def hear(_done: float, _total: float | None, message: str | None) -> None:
        told.append(message or "")

    given = {"playbook": book, "inventory": "hosts", "extra_vars": {"db_password": CANARIES["extra"]}, "verbosity": 3}
    settings = {"ANSIBLE_VAULT_PASSWORD_FILE": str(project.folder / "password")}
    async with ansible(env=settings) as server:
        result = await server.client.call_tool("run_playbook", given, progress_callback=hear)
        ran = data(result)
        args = {"cmd": f"echo {CANARIES['adhoc']} {CANARIES['file']}", "stdin": "x", "stdin_add_newline": False}
        adhoc = await server.call("run_adhoc", pattern="db", module="command", args=args, inventory="hosts")
        variables = await server.call("get_host_vars", host="db1", inventory="hosts")
        log = await server.call("get_run", run_id=ran["run_id"])
        seen = "".join([*told, *map(str, (result, variables, log)), server.stderr])
        assert CANARIES["file"] not in str(adhoc)
    assert ran["status"] == "failed"
    assert ran["failures"][0]["stdout"].count("«redacted»") == 4
    assert [name for name, canary in CANARIES.items() if canary in seen] == []
    assert data(variables)["variables"]["api_token"] == "«redacted»"
    left = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    secret = {name for name in CANARIES if name != "adhoc"}
    assert [name for name in secret if CANARIES[name].encode() in left] == []


async def test_no_secret_is_in_a_command_line_while_it_runs(ansible: Any, project: Any) -> None:
    task = "    - shell: cat /proc/[0-9]*/cmdline | tr '\\0' ' '\n      register: seen\n"
    found = "    - fail: {msg: found}\n      when: given_password ~ '' in seen.stdout\n"
    book = project.write("play.yml", f"- hosts: db\n  gather_facts: false\n  tasks:\n{task}{found}")
    given = {"playbook": book, "inventory": "hosts", "extra_vars": {"given_password": f"canary-{os.getpid()}-argv"}}
    async with ansible() as server:
        assert data(await server.call("run_playbook", **given))["status"] == "successful"
