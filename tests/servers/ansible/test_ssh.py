"""Over a real sshd: hosts whose key is unknown or has changed are unreachable, and nothing runs there."""

import sys
from pathlib import Path
from typing import Any

import pytest

from support.answers import data
from support.ssh_home import MakeSshd, SshHome
from support.sshd import Sshd

pytestmark = pytest.mark.anyio


def write_inventory(project: Any, ssh_home: SshHome, **hosts: Sshd) -> None:
    folder = ssh_home.folder
    options = f"-F none -o ControlMaster=no -o UserKnownHostsFile={folder / 'known_hosts'} -i {folder / 'id_ed25519'}"
    lines = [f"{name} ansible_host=127.0.0.1 ansible_port={sshd.port}" for name, sshd in hosts.items()]
    shared = f"ansible_ssh_common_args='{options}'\nansible_python_interpreter={sys.executable}"
    project.write("hosts", "\n".join(["[all]", *lines, "[all:vars]", shared, ""]))
    project.write("ansible.cfg", "[defaults]\nhost_key_checking = False\n")


async def test_unknown_and_changed_keys_are_refused_whatever_ansible_cfg_says(
    ansible: Any, project: Any, ssh_home: SshHome, make_sshd: MakeSshd
) -> None:
    key = ssh_home.key()
    known, changed, unknown = (make_sshd(name) for name in ("known", "changed", "unknown"))
    for sshd in (known, changed, unknown):
        sshd.authorize(key)
    for sshd in (known, changed):
        ssh_home.trust(sshd)
    changed.restart(new_host_key=True)
    write_inventory(project, ssh_home, known=known, changed=changed, unknown=unknown)
    async with ansible() as server:
        pinged = await server.call("ping_hosts", inventory="hosts")
        command = {"pattern": "all", "module": "command", "args": "touch ran", "inventory": "hosts"}
        ran = data(await server.call("run_adhoc", **command))
    assert pinged.is_error
    assert data(pinged)["reachable"] == ["known"]
    assert {host for failure in data(pinged)["unreachable"] for host in failure["hosts"]} == {"changed", "unknown"}
    assert {host: said["status"] for said in ran["results"] for host in said["hosts"]} == {
        "known": "changed",
        "changed": "unreachable",
        "unknown": "unreachable",
    }
    assert (changed.logins, unknown.logins) == (0, 0)
    assert not Path(ssh_home.folder / "known_hosts").read_text().count(str(unknown.port))
