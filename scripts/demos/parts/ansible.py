"""ansible-mcp on three hosts that are this machine, with a playbook that fails on one of them."""

import sys
from pathlib import Path
from typing import Any

from demos.stage import perform

_INVENTORY = f"""\
[web]
web1
web2
[db]
db1
[all:vars]
ansible_connection=local
ansible_python_interpreter={sys.executable}
"""
_PLAYBOOK = """\
- name: Deploy
  hosts: web
  gather_facts: false
  tasks:
    - name: write the release
      ansible.builtin.copy:
        content: "{{ release }}\\n"
        dest: "{{ playbook_dir }}/{{ inventory_hostname }}.txt"
    - name: check the service
      ansible.builtin.command: test {{ inventory_hostname }} = web1
      changed_when: false
"""


async def play(folder: Path) -> None:
    lab = folder / "home/lab"
    lab.mkdir(parents=True)
    (lab / "hosts").write_text(_INVENTORY)
    (lab / "deploy.yml").write_text(_PLAYBOOK)
    deploy: dict[str, Any] = {"playbook": "deploy.yml", "inventory": "hosts"}
    release = {"release": "1.2"}
    async with perform("ansible-mcp", home=folder / "home", env={"ANSIBLE_MCP_ROOTS": str(lab)}) as stage:
        await stage.list_tools()
        await stage.call("What would it need?", "check_playbook", **deploy)
        await stage.call("Predict", "run_playbook", **deploy, extra_vars=release, check=True, diff=True)
        await stage.call("Run it where it can succeed", "run_playbook", **deploy, extra_vars=release, limit="web1")
        await stage.call(
            "Nobody matches", "run_adhoc", pattern="mail", module="ping", inventory="hosts", ends="refused"
        )
        await stage.call(
            "One command on all", "run_adhoc", pattern="all", module="command", args="id -un", inventory="hosts"
        )
