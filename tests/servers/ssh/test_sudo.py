"""sudo on a real host, by a user who is asked for a password and by one who is not."""

from pathlib import Path

import pytest

from support.answers import data, error
from support.client import StartProcess, StartServer
from support.ssh_home import SshHome
from support.sshd import Sshd
from support.sudo import Sudoer
from support.tools import is_running, wait_for

pytestmark = pytest.mark.anyio


@pytest.fixture
def sudo_host(sudo_sshd: Sshd, ssh_home: SshHome, sudoer: Sudoer) -> str:
    ssh_home.alias("target", sudo_sshd)
    return f"{sudoer.name}@target"


async def test_the_password_goes_to_sudo_and_the_input_to_the_command(
    start: StartServer, sudo_host: str, sudoer: Sudoer
) -> None:
    sudoer.allow(password=True)
    async with start("ssh-mcp", env={"SSH_MCP_SUDO_PASSWORD": sudoer.password}) as server:
        ran = data(await server.call("run_command", host=sudo_host, command="id -u; cat", stdin="input", sudo=True))
    assert (ran["exit_status"], ran["stdout"]["text"]) == (0, "0\ninput")


async def test_no_password_is_sent_where_sudo_wants_none(start: StartServer, sudo_host: str, sudoer: Sudoer) -> None:
    sudoer.allow(password=False)
    async with start("ssh-mcp", env={"SSH_MCP_SUDO_PASSWORD": sudoer.password}) as server:
        ran = data(await server.call("run_command", host=sudo_host, command="id -u; cat", stdin="input", sudo=True))
    assert ran["stdout"]["text"] == "0\ninput"


async def test_a_missing_sudo_password_is_named(start: StartServer, sudo_host: str, sudoer: Sudoer) -> None:
    sudoer.allow(password=True)
    async with start("ssh-mcp") as server:
        facts = error(await server.call("run_command", host=sudo_host, command="id", sudo=True))
    assert (facts["kind"], facts["setting"]) == ("not_configured", "SSH_MCP_SUDO_PASSWORD")


async def test_the_password_is_in_no_command_line_and_no_answer(
    start_process: StartProcess, sudo_host: str, sudoer: Sudoer
) -> None:
    sudoer.allow(password=True)
    look = "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"
    async with start_process("ssh-mcp", env={"SSH_MCP_SUDO_PASSWORD": sudoer.password}) as server:
        result = await server.call("run_command", host=sudo_host, command=look, sudo=True)
        assert "sudo -k -S" in data(result)["stdout"]["text"]
        echoed = await server.call("run_command", host=sudo_host, command=f"echo {sudoer.password}")
    assert sudoer.password not in result.model_dump_json()
    assert "redacted" in data(echoed)["stdout"]["text"]
    assert sudoer.password not in echoed.model_dump_json() + server.stderr


async def test_all_that_root_started_is_ended_at_the_timeout(
    start: StartServer, sudo_host: str, sudoer: Sudoer, tmp_path: Path
) -> None:
    sudoer.allow(password=False)
    pid = tmp_path / "pid"
    async with start("ssh-mcp") as server:
        ran = data(
            await server.call(
                "run_command", host=sudo_host, command=f"sleep 60 & echo $! > {pid}; wait; true", sudo=True, timeout=1
            )
        )
    assert (ran["timed_out"], ran["remote_process"]) == (True, "killed")
    wait_for(lambda: not is_running(int(pid.read_text())), "the root child ends")
