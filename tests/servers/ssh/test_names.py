"""Host and user names are let in by whitelist: none of them reaches a shell, an option or a ProxyCommand."""

import getpass
from pathlib import Path

import pytest

from sandbox.client import RunningServer
from support.answers import data, error
from support.client import StartServer
from support.ssh_home import SshHome
from support.sshd import Sshd

pytestmark = pytest.mark.anyio

HOSTILE = [
    "",
    "-oProxyCommand=touch PWNED",
    "x;touch PWNED;",
    "$(touch PWNED)",
    "`touch PWNED`",
    "a b",
    "a\nb",
    "a\0b",
    "x'",
    "-l@host",
    "ro ot@target",
    "user;id@target",
    "target:0x16",
    "target:99999",
    "[::1",
    "../etc",
    "ä",
    "a" * 300,
]


@pytest.mark.promise("arguments-become-no-option", "arguments-reach-no-shell")
async def test_no_hostile_name_gets_anywhere(start: StartServer, home: Path, sshd: Sshd, ssh_home: SshHome) -> None:
    with (ssh_home.folder / "config").open("a") as config:
        config.write('Host *\n    ProxyCommand sh -c "touch PWNED; exit 1 # %h %r"\n')
    async with start("ssh-mcp") as mcp:
        kinds = {name: error(await mcp.call("run_command", host=name, command="true"))["kind"] for name in HOSTILE}
    assert set(kinds.values()) == {"invalid_input"}, kinds
    assert not (home / "PWNED").exists()


@pytest.mark.parametrize("form", ["127.0.0.1:{port}", "{user}@127.0.0.1:{port}", "{user}@target", "target:{port}"])
async def test_every_ordinary_form_is_understood(mcp: RunningServer, target: Sshd, form: str) -> None:
    host = form.format(port=target.port, user=getpass.getuser())
    assert data(await mcp.call("run_command", host=host, command="true"))["exit_status"] == 0


@pytest.mark.promise("no-argument-widens-policy")
async def test_the_operators_target_list_holds_under_every_name(start: StartServer, sshd: Sshd) -> None:
    async with start("ssh-mcp", env={"INFRA_MCP_EXCLUDE_TARGETS": "127.0.0.*"}) as mcp:
        for host in ("target", f"127.0.0.1:{sshd.port}"):
            assert error(await mcp.call("read_file", host=host, path="/etc/hostname"))["kind"] == "refused"
    assert sshd.connections == 0
