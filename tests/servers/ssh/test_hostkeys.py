"""No host is talked to whose key is not trusted, and each of the reasons is told apart."""

from pathlib import Path

import pytest

from support.answers import data, error
from support.client import StartServer
from support.ssh_home import MakeSshd, SshHome
from support.ssh_keys import make_key
from support.sshd import Sshd

pytestmark = pytest.mark.anyio


@pytest.fixture
def stranger(make_sshd: MakeSshd, ssh_home: SshHome) -> Sshd:
    """A server that would let us in, but that known_hosts does not know."""
    server = make_sshd("stranger")
    server.authorize(ssh_home.key())
    ssh_home.alias("stranger", server)
    return server


@pytest.mark.promise("host-keys-are-checked")
async def test_an_unknown_host_is_refused_with_its_ed25519_fingerprint(
    start: StartServer, make_sshd: MakeSshd, ssh_home: SshHome, tmp_path: Path
) -> None:
    rsa = make_key(tmp_path / "rsa", kind="rsa")
    stranger = make_sshd("stranger", HostKey=f"{tmp_path / 'stranger/host_key'}\nHostKey {rsa}")
    ssh_home.alias("stranger", stranger)
    async with start("ssh-mcp") as mcp:
        facts = error(await mcp.call("run_command", host="stranger", command="true"))
    assert (facts["kind"], facts["fingerprint"], facts["key_type"]) == (
        "host_key_unknown",
        stranger.fingerprint,
        "ssh-ed25519",
    )
    assert stranger.logins == 0


@pytest.mark.promise("host-keys-are-checked")
async def test_a_changed_host_key_is_refused_as_changed(start: StartServer, sshd: Sshd) -> None:
    sshd.restart(new_host_key=True)
    async with start("ssh-mcp") as mcp:
        facts = error(await mcp.call("run_command", host="target", command="true"))
    assert (facts["kind"], facts["fingerprint"]) == ("host_key_changed", sshd.fingerprint)
    assert sshd.logins == 0


async def test_a_revoked_host_key_is_refused_as_revoked(start: StartServer, sshd: Sshd, ssh_home: SshHome) -> None:
    with (ssh_home.folder / "known_hosts").open("a") as known_hosts:
        known_hosts.write(f"@revoked {sshd.known_hosts_line}")
    async with start("ssh-mcp") as mcp:
        assert error(await mcp.call("run_command", host="target", command="true"))["kind"] == "host_key_revoked"
    assert sshd.logins == 0


@pytest.mark.promise("host-keys-are-checked")
async def test_the_configuration_cannot_switch_the_check_off(
    start: StartServer, stranger: Sshd, ssh_home: SshHome
) -> None:
    with (ssh_home.folder / "config").open("a") as config:
        config.write("Host *\n    StrictHostKeyChecking no\n")
    async with start("ssh-mcp") as mcp:
        assert error(await mcp.call("run_command", host="stranger", command="true"))["kind"] == "host_key_unknown"


async def test_trusting_the_right_fingerprint_adds_exactly_that_key(
    start: StartServer, stranger: Sshd, ssh_home: SshHome
) -> None:
    async with start("ssh-mcp") as mcp:
        trusted = data(await mcp.call("trust_host", host="stranger", fingerprint=stranger.fingerprint))
        assert data(await mcp.call("run_command", host="stranger", command="echo in"))["stdout"]["text"] == "in\n"
        again = data(await mcp.call("trust_host", host="stranger", fingerprint=stranger.fingerprint))
    assert (trusted["added"], again["added"]) == (True, False)
    lines = (ssh_home.folder / "known_hosts").read_text().splitlines()
    assert [line.split()[:3] for line in lines] == [stranger.known_hosts_line.split()[:3]]


async def test_a_wrong_fingerprint_trusts_nothing_and_says_what_is_offered(
    start: StartServer, stranger: Sshd, ssh_home: SshHome
) -> None:
    async with start("ssh-mcp") as mcp:
        facts = error(await mcp.call("trust_host", host="stranger", fingerprint="SHA256:" + "A" * 43))
    assert (facts["kind"], facts["offered"]) == ("conflict", [stranger.fingerprint])
    assert not (ssh_home.folder / "known_hosts").exists()


async def test_trust_host_does_not_replace_a_changed_key(start: StartServer, sshd: Sshd, ssh_home: SshHome) -> None:
    before = (ssh_home.folder / "known_hosts").read_text()
    sshd.restart(new_host_key=True)
    async with start("ssh-mcp") as mcp:
        facts = error(await mcp.call("trust_host", host="target", fingerprint=sshd.fingerprint))
    assert facts["kind"] == "host_key_changed"
    assert (ssh_home.folder / "known_hosts").read_text() == before


async def test_an_unknown_jump_host_is_refused_too(
    start: StartServer, sshd: Sshd, make_sshd: MakeSshd, ssh_home: SshHome
) -> None:
    jump = make_sshd("jump")
    jump.authorize(ssh_home.folder / "id_ed25519")
    ssh_home.alias("jump", jump)
    ssh_home.alias("behind", sshd, ProxyJump="jump")
    async with start("ssh-mcp") as mcp:
        assert error(await mcp.call("run_command", host="behind", command="true"))["kind"] == "host_key_unknown"
    assert (jump.logins, sshd.logins) == (0, 0)
