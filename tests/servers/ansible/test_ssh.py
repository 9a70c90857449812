"""Over real SSH servers: several ports are several hosts, and each is let in, refused and left as it should be."""

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from support.ansible import Ansible, Project, StartAnsible, StartAnsibleProcess, until
from support.answers import data
from support.ssh_home import MakeSshd, SshHome
from support.sshd import Sshd
from support.sudo import Sudoer

pytestmark = pytest.mark.anyio

# Reached over SSH although it is this machine; and ten seconds are too few where the machine is busy.
CONFIGURATION = "[defaults]\nhost_key_checking = False\ntimeout = 60\n"
LOCAL_CONNECTION = "{ansible_connection: local}"
STAY = "shell: echo $$ > ~/pid; exec sleep 600"


def write_inventory(project: Project, ssh_home: SshHome, hosts: dict[str, Sshd], *, more: str = "") -> None:
    folder = ssh_home.folder
    options = f"-F none -o UserKnownHostsFile={folder / 'known_hosts'} -i {folder / 'id_ed25519'}"
    lines = [f"{name} ansible_host=127.0.0.1 ansible_port={sshd.port}" for name, sshd in hosts.items()]
    shared = f"ansible_ssh_common_args='{options}'\nansible_python_interpreter={sys.executable}\n{more}"
    project.write("hosts", "\n".join(["[all]", *lines, "[all:vars]", shared, ""]))
    project.write("ansible.cfg", CONFIGURATION)


def hosts_of(failures: list[dict[str, Any]]) -> list[str]:
    return sorted(host for failure in failures for host in failure["hosts"])


@pytest.fixture
def let_in(ssh_home: SshHome, make_sshd: MakeSshd) -> dict[str, Sshd]:
    """Two servers that know us, and that we know."""
    key = ssh_home.key()
    servers = {name: make_sshd(name) for name in ("one", "two")}
    for sshd in servers.values():
        sshd.authorize(key)
        ssh_home.trust(sshd)
    return servers


@pytest.mark.promise("host-keys-are-checked")
async def test_unknown_and_changed_keys_are_refused_whatever_ansible_cfg_says(
    start_ansible: StartAnsible, project: Project, ssh_home: SshHome, let_in: dict[str, Sshd], make_sshd: MakeSshd
) -> None:
    changed, unknown = make_sshd("changed"), make_sshd("unknown")
    for sshd in (changed, unknown):
        sshd.authorize(ssh_home.folder / "id_ed25519")
    ssh_home.trust(changed)
    changed.restart(new_host_key=True)
    write_inventory(project, ssh_home, let_in | {"changed": changed, "unknown": unknown})
    async with start_ansible() as ansible:
        pinged = await ansible.server.call("ping_hosts", inventory=project.hosts)
        ran = await ansible.play(project, "{name: touch, shell: touch ~/ran}", hosts="all")
        assert (ansible.processes(), ansible.files()) == ([], [])
    assert pinged.is_error
    seen = data(pinged)
    told = (seen["reachable"], hosts_of(seen["unreachable"]), seen["failed_hosts"], seen.get("unanswered"))
    assert told == (["one", "two"], ["changed", "unknown"], [], None), seen
    assert "path" not in seen["unreachable"][0]
    assert {change["task"]: sorted(change["hosts"]) for change in ran["changed"]} == {"touch": ["one", "two"]}
    assert (hosts_of(ran["unreachable"]), ran["failures"]) == (["changed", "unknown"], [])
    assert [(sshd.home / "ran").exists() for sshd in let_in.values()] == [True, True]
    assert (changed.logins, unknown.logins) == (0, 0)
    assert str(unknown.port) not in (ssh_home.folder / "known_hosts").read_text()


async def test_a_stopped_run_is_gone_here_and_names_what_may_go_on_there(
    start_ansible: StartAnsible, project: Project, ssh_home: SshHome, let_in: dict[str, Sshd]
) -> None:
    write_inventory(project, ssh_home, let_in)
    pids = [sshd.home / "pid" for sshd in let_in.values()]
    async with start_ansible() as ansible:
        await cancel_when(ansible, project, pids)
        run = (await ansible.call("list_runs"))["runs"][0]
        assert (run["status"], sorted(task["host"] for task in run["interrupted"])) == ("canceled", ["one", "two"])
        for seconds in (5, 15, 50):
            for pid in pids:
                pid.unlink(missing_ok=True)
            ran = await ansible.play(project, STAY, hosts="all", timeout=seconds)
            assert ran["status"] == "timeout"
            assert (ansible.processes(), ansible.files()) == ([], [])
            if all(pid.exists() for pid in pids):  # a busy machine may need longer to get there
                break
    assert sorted((task["host"], task["task"]) for task in ran["interrupted"]) == [("one", "shell"), ("two", "shell")]


async def cancel_when(ansible: Ansible, project: Project, there: list[Path]) -> None:
    """Run, cancel the run once these files are there, and wait until nothing of it is left."""
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: ansible.play(project, STAY, hosts="all"))
        await until(lambda: all(file.exists() for file in there), "the tasks run")
        group.cancel_scope.cancel()
    await until(lambda: (ansible.processes(), ansible.files()) == ([], []), "all ends")


@pytest.fixture
def sudo_host(sudo_sshd: Sshd, sudoer: Sudoer) -> Sshd:
    sudoer.allow(password=True)
    return sudo_sshd


async def test_the_become_password_goes_to_sudo_and_nowhere_else(
    start_ansible_process: StartAnsibleProcess,
    project: Project,
    ssh_home: SshHome,
    sudo_host: Sshd,
    sudoer: Sudoer,
    home: Path,
) -> None:
    # Nothing is written for a user whose home is closed to him.
    more = f"ansible_user={sudoer.name}\nansible_pipelining=true"
    write_inventory(project, ssh_home, {"target": sudo_host}, more=more)
    # Whatever is found comes out masked; a class in the pattern keeps grep from finding itself.
    found = "grep -ao 'canary-[0-9a-f]{16}' -E || true"
    look = f'{{name: look, shell: "id -u; cat /proc/[0-9]*/cmdline | {found}"}}'
    there = f'{{name: there, shell: "env | {found}", delegate_to: localhost, become: false, vars: {LOCAL_CONNECTION}}}'
    async with start_ansible_process(env={"ANSIBLE_MCP_BECOME_PASSWORD": sudoer.password}) as ansible:
        ran = await ansible.play(
            project,
            look,
            there,
            "{name: tell, command: echo " + sudoer.password + "}",
            hosts="all",
            become=True,
            verbosity=4,
        )
        log = await ansible.call("get_run", run_id=ran["run_id"])
        assert ansible.files() == []
    assert ran["status"] == "successful"
    assert [entry.get("stdout") for entry in log["entries"]] == ["0", None, "«redacted»"]
    left = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert sudoer.password.encode() not in left + (str(ran) + str(log) + ansible.server.stderr).encode()
