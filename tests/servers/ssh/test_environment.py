"""Several servers in one process: each reads the SSH configuration with its own environment and home."""

from pathlib import Path

import anyio
import pytest

from sandbox.client import RunningServer, in_memory
from support.answers import data
from support.ssh_home import MakeSshd, SshHome
from support.sshd import Sshd
from support.tools import require

pytestmark = pytest.mark.anyio

NAMES = ("one", "two")
CONFIG = """\
Include hosts.d/*
Match exec "echo $WHO | grep -qx one"
    SetEnv MATCHED=yes
"""
HOST = """\
Host target
    HostName 127.0.0.1
    Port {port}
    IdentitiesOnly yes
    IdentityFile %d/.ssh/${{WHO}}
    UserKnownHostsFile ~/.ssh/known
    SendEnv WH*
    ProxyCommand sh -c 'echo $WHO in $PWD > "$HOME/proxy"; exec {sshd} -i -f {config}'
"""


@pytest.fixture
def host(make_sshd: MakeSshd) -> Sshd:
    return make_sshd("target", AcceptEnv="WHO MATCHED")


def furnish(home: Path, name: str, host: Sshd) -> Path:
    client = SshHome(home)
    host.authorize(client.key(name))
    (client.folder / "known").write_text(host.known_hosts_line)
    (client.folder / "config").write_text(CONFIG)
    (client.folder / "hosts.d").mkdir()
    sshd_config = host.folder / "sshd_config"
    (client.folder / "hosts.d/lab").write_text(HOST.format(port=host.port, sshd=require("sshd"), config=sshd_config))
    return home


async def test_servers_of_one_process_read_their_own_environment_and_home(host: Sshd, tmp_path: Path) -> None:
    homes = {name: furnish(tmp_path / name, name, host) for name in NAMES}
    said: dict[str, str] = {}

    async def use(name: str, server: RunningServer) -> None:
        ran = data(await server.call("run_command", host="target", command='echo "$WHO$MATCHED"'))
        said[name] = ran["stdout"]["text"]

    async with (
        in_memory("ssh-mcp", home=homes["one"], env={"WHO": "one"}) as one,
        in_memory("ssh-mcp", home=homes["two"], env={"WHO": "two"}) as two,
        anyio.create_task_group() as group,
    ):
        group.start_soon(use, "one", one)
        group.start_soon(use, "two", two)
    assert said == {"one": "oneyes\n", "two": "two\n"}
    assert {name: (home / "proxy").read_text() for name, home in homes.items()} == {
        name: f"{name} in {home}\n" for name, home in homes.items()
    }
