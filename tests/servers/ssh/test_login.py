"""Who lets us in: agent, key files and jump hosts in the promised order, and what is said when nobody does."""

import pytest

from support.answers import data, error
from support.client import StartServer
from support.ssh_home import MakeSshd, SshHome
from support.ssh_keys import SshAgent, make_key
from support.sshd import Sshd

pytestmark = pytest.mark.anyio

ECHO = {"command": "echo in"}


@pytest.mark.promise("your-ssh-configuration")
async def test_each_default_key_file_is_tried(start: StartServer, make_sshd: MakeSshd, ssh_home: SshHome) -> None:
    server = make_sshd("target")
    ssh_home.key("id_ed25519")
    server.authorize(ssh_home.key("id_ansible"))
    ssh_home.trust(server)
    async with start("ssh-mcp") as mcp:
        ran = data(await mcp.call("run_command", host=f"127.0.0.1:{server.port}", **ECHO))
    assert ran["stdout"]["text"] == "in\n"


@pytest.mark.promise("your-ssh-configuration")
async def test_a_key_named_only_in_the_configuration_is_tried_and_missing_ones_are_passed_over(
    start: StartServer, make_sshd: MakeSshd, ssh_home: SshHome
) -> None:
    server = make_sshd("target")
    server.authorize(ssh_home.key("special"))
    ssh_home.trust(server)
    ssh_home.alias("web", server, IdentityFile="~/.ssh/gone\n    IdentityFile ~/.ssh/special")
    async with start("ssh-mcp") as mcp:
        assert data(await mcp.call("run_command", host="web", **ECHO))["exit_status"] == 0


async def test_the_agent_comes_before_the_files(
    start: StartServer, make_sshd: MakeSshd, ssh_home: SshHome, ssh_agent: SshAgent
) -> None:
    server = make_sshd("target")
    in_agent, in_file = make_key(ssh_agent.folder / "agent-key"), ssh_home.key()
    for key in (in_agent, in_file):
        server.authorize(key)
    ssh_agent.add(in_agent)
    ssh_home.trust(server)
    async with start("ssh-mcp", env={"SSH_AUTH_SOCK": str(ssh_agent.socket)}) as mcp:
        assert data(await mcp.call("run_command", host=f"127.0.0.1:{server.port}", **ECHO))["exit_status"] == 0
    assert server.accepted_key == fingerprint_of(in_agent)


async def test_an_agent_with_more_keys_than_the_server_takes_does_not_keep_the_right_file_out(
    start: StartServer, sshd: Sshd, ssh_agent: SshAgent
) -> None:
    ssh_agent.add_strangers(8)
    async with start("ssh-mcp", env={"SSH_AUTH_SOCK": str(ssh_agent.socket)}) as mcp:
        assert data(await mcp.call("run_command", host="target", **ECHO))["exit_status"] == 0


async def test_a_refused_login_names_every_key_and_why(
    start: StartServer, make_sshd: MakeSshd, ssh_home: SshHome, ssh_agent: SshAgent
) -> None:
    server = make_sshd("target")
    ssh_home.key("id_ed25519")
    ssh_home.key("id_rsa", kind="rsa", passphrase="locked")
    ssh_agent.add_strangers(2)
    ssh_home.trust(server)
    async with start("ssh-mcp", env={"SSH_AUTH_SOCK": str(ssh_agent.socket)}) as mcp:
        facts = error(await mcp.call("run_command", host=f"127.0.0.1:{server.port}", **ECHO))
    assert facts["kind"] == "denied"
    assert [note.rsplit("/", 1)[-1] for note in facts["tried"]] == [
        "the ssh-agent (2 keys)",
        "id_ed25519: offered",
        "id_ansible: not there",
        "id_rsa: encrypted; add it to the ssh-agent",
    ]


async def test_several_jump_hosts_are_passed_with_the_same_keys(
    start: StartServer, sshd: Sshd, make_sshd: MakeSshd, ssh_home: SshHome
) -> None:
    outer, inner = make_sshd("outer"), make_sshd("inner")
    for name, jump in (("outer", outer), ("inner", inner)):
        jump.authorize(ssh_home.folder / "id_ed25519")
        ssh_home.trust(jump)
        ssh_home.alias(name, jump)
    ssh_home.alias("far", sshd, ProxyJump="outer,inner")
    async with start("ssh-mcp") as mcp:
        for _ in range(2):
            assert data(await mcp.call("run_command", host="far", **ECHO))["stdout"]["text"] == "in\n"
    assert (outer.logins, inner.logins, sshd.logins) == (1, 1, 1)


async def test_a_host_that_jumps_through_itself_is_an_error(start: StartServer, sshd: Sshd, ssh_home: SshHome) -> None:
    ssh_home.alias("a", sshd, ProxyJump="b")
    ssh_home.alias("b", sshd, ProxyJump="a")
    async with start("ssh-mcp") as mcp:
        assert error(await mcp.call("run_command", host="a", **ECHO))["kind"] == "unreachable"


async def test_configured_hosts_are_listed_with_what_would_be_used(
    start: StartServer, sshd: Sshd, ssh_home: SshHome, make_sshd: MakeSshd
) -> None:
    (ssh_home.folder / "more").write_text("Host included *.pattern\n    User me\n")
    ssh_home.alias("stranger", make_sshd("stranger"), ProxyJump="target")
    with (ssh_home.folder / "config").open("a") as config:
        config.write("Match all\nInclude more\n")
    async with start("ssh-mcp") as mcp:
        hosts = {host["alias"]: host for host in data(await mcp.call("list_hosts"))["hosts"]}
    assert list(hosts) == ["target", "stranger", "included"]
    assert (hosts["target"]["port"], hosts["target"]["host_key"]) == (sshd.port, "known")
    assert (hosts["stranger"]["jumps"], hosts["stranger"]["host_key"]) == (["target"], "unknown")
    assert hosts["target"]["key_files"][0].endswith("id_ed25519: offered")


def fingerprint_of(key: object) -> str:
    import asyncssh

    return asyncssh.read_public_key(f"{key}.pub").get_fingerprint()
