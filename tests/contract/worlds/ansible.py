"""A project whose hosts are this machine, a vault, and playbooks that write into a folder of the world's own."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contract.worlds.base import Call, Fault, Json, World, tree
from support.sshd import free_port

INVENTORY = f"""\
[web]
web1
web2
[all:vars]
ansible_connection=local
ansible_python_interpreter={sys.executable}
api_token=HELD
note=plain
"""
PLAYBOOK = """\
- hosts: web
  gather_facts: false
  tasks:
    - {name: touch, file: {path: "MADE/{{ inventory_hostname }}", state: touch}}
    - {name: "speak {{ note }}", debug: {msg: "{{ note }}"}}
    - {name: fail, command: sh -c "cat MOTD; exit 1", ignore_errors: true}
"""


def adhoc(module: str, args: str, **more: Any) -> Call:
    return Call("run_adhoc", {"pattern": "web1", "module": module, "args": args, **more})


class AnsibleWorld(World):
    name = "ansible"
    probe = Call("list_inventory")
    light = Call("list_playbooks")
    over_http = False
    may_die = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        self.project, self.made = self.home.parent / "project", self.home.parent / "made"
        self.own = [self.project, self.made]
        self.project.mkdir()
        self.made.mkdir()
        self._write("hosts", INVENTORY.replace("HELD", self.secret))
        motd = self._write("motd", "welcome\n")
        self._write("site.yml", PLAYBOOK.replace("MADE", str(self.made)).replace("MOTD", str(motd)))
        password = self._write("password", self.secret)
        password.chmod(0o600)
        self.env = {
            "ANSIBLE_MCP_ROOTS": str(self.project),
            "ANSIBLE_INVENTORY": str(self.project / "hosts"),
            "ANSIBLE_VAULT_PASSWORD_FILE": str(password),
            "ANSIBLE_MCP_BECOME_PASSWORD": self.secret,
        }
        yield

    def _write(self, name: str, text: str) -> Path:
        path = self.project / name
        path.write_text(text)
        return path

    def calls(self, answers: Mapping[str, Json]) -> Iterator[Call]:
        yield from (Call(tool) for tool in ("list_playbooks", "list_inventory", "ping_hosts", "list_runs"))
        yield Call("check_playbook", {"playbook": "site.yml"})
        yield Call("list_tasks", {"playbook": "site.yml"})
        yield Call("get_host_vars", {"host": "web1"})
        yield Call("gather_facts", {"pattern": "web1", "filter": ["ansible_distribution"]})
        yield Call("run_playbook", {"playbook": "site.yml"})
        yield Call("get_run", {"run_id": answers["run_playbook"]["run_id"]})
        yield Call(
            "run_adhoc",
            {"pattern": "web1", "module": "command", "args": f"sh -c 'cat {self.project / 'motd'}; seq 20000'"},
        )
        yield Call("read_output", {"output_id": answers["run_adhoc"]["results"][0]["output_id"]})

    def plant(self, text: str) -> set[str]:
        self._write("motd", text)
        (self.project / "host_vars").mkdir()
        self._write("host_vars/web1", json.dumps({"note": text}))
        return {"get_host_vars", "run_playbook", "get_run", "read_output"}

    @contextmanager
    def faulty(self) -> Iterator[list[Fault]]:
        self._write("gone", f"dead ansible_host=127.0.0.1 ansible_port={free_port()}\n")
        self._write("broken.yml", "- hosts: [\n")
        self._write("broken", "[web:children\n")
        yield [
            Fault("refused", None, call=Call("ping_hosts", {"inventory": "gone"})),
            Fault("no such inventory", "not_found", call=Call("ping_hosts", {"inventory": "nowhere"})),
            Fault("broken inventory", "inventory_unusable", call=Call("ping_hosts", {"inventory": "broken"})),
            Fault("nobody matches", "nobody_matched", call=Call("ping_hosts", {"pattern": "mail"})),
            Fault("no such playbook", "not_found", call=Call("run_playbook", {"playbook": "nowhere.yml"})),
            Fault("broken playbook", "playbook_broken", call=Call("run_playbook", {"playbook": "broken.yml"})),
            Fault("no such module", "invalid_input", call=adhoc("nonesuch", "")),
            Fault("failing command", None, call=adhoc("command", "false")),
            Fault("no answer", None, call=adhoc("command", "sleep 60", timeout=5)),
            Fault("killed child", None, call=adhoc("shell", "kill -9 $PPID")),
        ]

    def mend(self) -> None:
        """Every fault here is one of its call."""

    def state(self) -> Any:
        return tree(self.project, self.made)
