"""The client's side of SSH: the `.ssh` of a user, and servers that this user may log in to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.ssh_keys import SshAgent, make_key
from support.sshd import Sshd

MakeSshd = Callable[..., Sshd]


class SshHome:
    """The `.ssh` of a user: keys, known_hosts and config."""

    def __init__(self, home: Path) -> None:
        self.folder = home / ".ssh"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def key(self, name: str = "id_ed25519", *, kind: str = "ed25519", passphrase: str = "") -> Path:
        return make_key(self.folder / name, kind=kind, passphrase=passphrase)

    def trust(self, sshd: Sshd) -> None:
        with (self.folder / "known_hosts").open("a") as known_hosts:
            known_hosts.write(sshd.known_hosts_line)

    def alias(self, name: str, sshd: Sshd, **options: str) -> str:
        """Name a server in the config, with further options such as ProxyJump."""
        settings = {"HostName": "127.0.0.1", "Port": str(sshd.port), **options}
        with (self.folder / "config").open("a") as config:
            config.write(f"Host {name}\n" + "".join(f"    {key} {value}\n" for key, value in settings.items()))
        return name


@pytest.fixture
def ssh_home(home: Path) -> SshHome:
    return SshHome(home)


@pytest.fixture
def make_sshd(tmp_path: Path) -> Iterator[MakeSshd]:
    """Start another server: `make_sshd("jump", AllowTcpForwarding="yes")`; options are those of sshd_config."""
    with ExitStack() as running:
        yield lambda name, **options: running.enter_context(Sshd(tmp_path / name, **options))


@pytest.fixture
def sshd(make_sshd: MakeSshd, ssh_home: SshHome) -> Sshd:
    """A server that lets the test's user in by `id_ed25519`, is in known_hosts, and is `target` in the config."""
    server = make_sshd("target")
    server.authorize(ssh_home.key())
    ssh_home.trust(server)
    ssh_home.alias("target", server)
    return server


@pytest.fixture
def ssh_agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshAgent]:
    # A socket's path may have about a hundred characters, fewer than a test's own folder has.
    with SshAgent(tmp_path_factory.mktemp("agent")) as agent:
        yield agent
