"""ansible-mcp on two embedded SSH hosts, a third that nobody has met, and a playbook that fails on one of them."""

import sys
from pathlib import Path
from typing import Any

import asyncssh

from demos.stage import perform
from sandbox.ssh.host import USER, SshHost, ssh_host

_INVENTORY = """\
[web]
web1 ansible_port={web1}
web2 ansible_port={web2}
[new]
stranger ansible_port={stranger}
[all:vars]
ansible_host=127.0.0.1
ansible_user={user}
ansible_python_interpreter={python}
ansible_pipelining=true
ansible_ssh_common_args='-F none -i {home}/.ssh/id_ed25519 -o UserKnownHostsFile={home}/.ssh/known_hosts'
"""
_PLAYBOOK = """\
- name: Deploy
  hosts: web
  gather_facts: false
  tasks:
    - name: write the release
      ansible.builtin.copy:
        content: "{{ release }}\\n"
        dest: release.txt
    - name: check the service
      ansible.builtin.command: test {{ inventory_hostname }} = web1
      changed_when: false
"""


async def play(folder: Path) -> None:
    home = folder / "home"
    key = _make_key(home)
    async with (
        ssh_host(folder / "web1", key) as web1,
        ssh_host(folder / "web2", key) as web2,
        ssh_host(folder / "stranger", key) as stranger,
    ):
        (home / ".ssh/known_hosts").write_text(web1.known_hosts_line + web2.known_hosts_line)
        await _use(home, _lab(home, web1=web1, web2=web2, stranger=stranger))


async def _use(home: Path, lab: Path) -> None:
    deploy: dict[str, Any] = {"playbook": "deploy.yml", "inventory": "hosts"}
    release = {"release": "1.2"}
    async with perform("ansible-mcp", home=home, env={"ANSIBLE_MCP_ROOTS": str(lab)}) as stage:
        await stage.list_tools()
        await stage.call("What would it need?", "check_playbook", **deploy)
        await stage.call("Predict", "run_playbook", **deploy, extra_vars=release, limit="web1", check=True, diff=True)
        await stage.call("Run it; one host fails", "run_playbook", **deploy, extra_vars=release, ends="refused")
        await stage.call("A host whose key nobody knows", "ping_hosts", inventory="hosts", ends="refused")
        await stage.call(
            "One command on all",
            "run_adhoc",
            pattern="web",
            module="command",
            args="cat release.txt",
            inventory="hosts",
        )


def _lab(home: Path, **hosts: SshHost) -> Path:
    """A folder with an inventory of these hosts, and the playbook."""
    lab = home / "lab"
    lab.mkdir()
    ports = {name: host.port for name, host in hosts.items()}
    (lab / "hosts").write_text(_INVENTORY.format(**ports, user=USER, python=sys.executable, home=home))
    (lab / "deploy.yml").write_text(_PLAYBOOK)
    return lab


def _make_key(home: Path) -> str:
    (home / ".ssh").mkdir(mode=0o700, parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(home / ".ssh/id_ed25519"))
    (home / ".ssh/id_ed25519").chmod(0o600)
    return key.export_public_key().decode()
