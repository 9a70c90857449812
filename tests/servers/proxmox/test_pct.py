"""Commands in containers by ssh, through a real sshd, where the console can't be used."""

import getpass
import shlex
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from sandbox.proxmox import FakeProxmox
from support.answers import data, error
from support.client import StartServer
from support.ssh_home import SshHome
from support.sshd import Sshd
from support.tools import wait_for

pytestmark = pytest.mark.anyio

# Stands where a node has the real one: notes which container is meant and runs there what is to be run.
PCT = '#!/bin/sh\n[ "$1 $3" = \'exec --\' ] || exit 2\necho "$2" >>{log}\nshift 3\nexec "$@"\n'
SUDO = '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n'


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "node"
    folder.mkdir()
    for name, text in (("pct", PCT.format(log=shlex.quote(str(folder / "log")))), ("sudo", SUDO)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def node(tmp_path: Path, home: Path, programs: Path) -> Iterator[dict[str, str]]:
    """The settings that lead to a node, on which an sshd listens."""
    path = f"{programs}:/usr/local/bin:/usr/bin:/bin"
    ssh = SshHome(home)
    with Sshd(tmp_path / "sshd", ForceCommand=f'env PATH={path} sh -c "$SSH_ORIGINAL_COMMAND"') as sshd:
        key = ssh.key()
        sshd.authorize(key)
        ssh.trust(sshd)
        ssh.alias("pve1", sshd, IdentityFile=str(key), UserKnownHostsFile=str(ssh.folder / "known_hosts"))
        yield {"PROXMOX_SSH": f"{getpass.getuser()}@{{node}}", "PROXMOX_SSH_CONFIG": str(ssh.folder / "config")}


async def test_behind_a_login_prompt_the_command_goes_by_ssh(
    pve: FakeProxmox, start: StartServer, node: dict[str, str], programs: Path
) -> None:
    pve.add_guest(101, "lxc", running=True)
    async with start("proxmox-mcp", env=pve.environment() | node) as server:
        command = "cat; printf '\\000\\377'; echo err >&2; exit 7"
        ran = data(await server.call("exec_container", container=101, command=command, stdin="it's $HOME\n"))
    assert (ran["exit_status"], ran["way"], ran["stderr"]["text"]) == (7, "ssh", "err\n")
    assert ran["stdout"]["bytes"] == len("it's $HOME\n") + 2
    assert (programs / "log").read_text() == "101\n"


async def test_where_the_console_works_nobody_logs_in(
    pve: FakeProxmox, start: StartServer, node: dict[str, str], programs: Path
) -> None:
    pve.add_guest(101, "lxc", running=True, config={"cmode": "shell"})
    async with start("proxmox-mcp", env=pve.environment() | node) as server:
        assert data(await server.call("exec_container", container=101, command="true"))["way"] == "console"
    assert not (programs / "log").exists()


async def test_what_the_console_refused_or_began_is_not_done_by_ssh(
    pve: FakeProxmox, start: StartServer, node: dict[str, str], programs: Path, tmp_path: Path
) -> None:
    pve.add_guest(101, "lxc", running=True, config={"cmode": "shell"})
    token, begun = pve.add_token("ai@pve!mcp", {"/vms": ["VM.Audit"]}), tmp_path / "begun"
    async with start("proxmox-mcp", env=pve.environment(token) | node) as server:
        assert error(await server.call("exec_container", container=101, command="true"))["kind"] == "denied"
        token.acl["/vms"] |= {"VM.Console"}
        async with anyio.create_task_group() as group:
            group.start_soon(break_off, pve, begun)
            broken = await server.call("exec_container", container=101, command=f"echo >>{begun}; sleep 600")
    assert error(broken)["kind"] == "unreachable"
    assert begun.read_text() == "\n"
    assert not (programs / "log").exists()


async def break_off(pve: FakeProxmox, begun: Path) -> None:
    """End the container's console once the command runs in it."""
    await anyio.to_thread.run_sync(wait_for, begun.exists, "the command runs", 30)
    pve.cluster.terminals.pop(101).end()


async def test_a_user_other_than_root_asks_sudo_for_pct(pve: FakeProxmox, start: StartServer, programs: Path) -> None:
    pve.add_guest(101, "lxc", running=True)
    (programs / "ssh").write_text(
        f'#!/bin/sh\nfor last; do :; done\necho "$*" >{programs}/ssh.log\nexec sh -c "$last"\n'
    )
    (programs / "ssh").chmod(0o755)
    env = {"PROXMOX_SSH": "mcp@{node}.example.org", "PATH": f"{programs}:/usr/bin:/bin"}
    async with start("proxmox-mcp", env=pve.environment() | env) as server:
        ran = data(await server.call("exec_container", container=101, command="echo hello"))
    assert (ran["way"], ran["stdout"]["text"]) == ("ssh", "hello\n")
    asked = (programs / "ssh.log").read_text().strip()
    assert asked.endswith("-- mcp@pve1.example.org sudo -n pct exec 101 -- sh -s")


async def test_a_command_by_ssh_is_stopped_at_its_timeout(
    pve: FakeProxmox, start: StartServer, node: dict[str, str]
) -> None:
    pve.add_guest(101, "lxc", running=True)
    async with start("proxmox-mcp", env=pve.environment() | node) as server:
        ran = data(await server.call("exec_container", container=101, command="echo begun; sleep 600", timeout=1))
    assert (ran["timed_out"], ran["exit_status"], ran["stdout"]["text"]) == (True, None, "begun\n")


async def test_a_node_that_can_not_be_logged_in_to_is_told_in_the_words_of_ssh(
    pve: FakeProxmox, start: StartServer, node: dict[str, str]
) -> None:
    pve.add_guest(101, "lxc", node="pve2", running=True)
    async with start("proxmox-mcp", env=pve.environment() | node) as server:
        result = await server.call("exec_container", container=101, command="true")
    assert error(result)["kind"] == "unreachable"


@pytest.mark.parametrize("value", ["{node}", "-oProxyCommand=id@x", "root@{node};id", "root@-x"])
async def test_a_way_that_is_no_user_at_host_is_refused(pve: FakeProxmox, start: StartServer, value: str) -> None:
    pve.add_guest(101, "lxc", running=True)
    async with start("proxmox-mcp", env=pve.environment() | {"PROXMOX_SSH": value}) as server:
        assert error(await server.call("exec_container", container=101, command="true"))["setting"] == "PROXMOX_SSH"
