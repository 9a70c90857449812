"""ssh-mcp beside the plain ssh command and the ssh-mcp of npm, on a real sshd on loopback."""

import getpass
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benches.contest import Contestant, Sample
from benches.life import live, milliseconds, rows, typical_milliseconds
from benches.peers import npm_package
from benches.wire import Wire
from sandbox.client import console_script, minimal_environment
from support.ssh_home import SshHome
from support.sshd import Sshd

FRESH, KEPT = "run_command, new connection", "run_command, kept connection"
ROWS = rows(FRESH, KEPT)
PEER_VERSION = "2.11.0"


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:
    home = folder / "home"
    ssh_home = SshHome(home)
    with Sshd(folder / "target") as sshd:
        sshd.authorize(ssh_home.key())
        ssh_home.trust(sshd)
        ssh_home.alias("target", sshd)
        contestants = [Contestant("ssh-mcp", _ours(home)), Contestant("ssh command", lambda: _use_ssh(home))]
        yield [*contestants, _peer(home, sshd)] if peers else contestants


def _ours(home: Path) -> Callable[[], Sample]:
    def run(server: Wire) -> None:
        server.call("run_command", host="target", command="true")

    return lambda: live([console_script("ssh-mcp")], minimal_environment(home), run, FRESH, KEPT)


def _peer(home: Path, sshd: Sshd) -> Contestant:
    name = f"npm ssh-mcp {PEER_VERSION}"
    package = npm_package("ssh-mcp", PEER_VERSION)
    if isinstance(package, str):
        return Contestant(name, absent=package)
    _configure_peer(home, sshd)

    def run(server: Wire) -> None:
        server.call("run-command", command="true")

    command = ["node", str(package / "build/index.js")]
    return Contestant(name, lambda: live(command, minimal_environment(home), run, FRESH, KEPT))


def _use_ssh(home: Path) -> Sample:
    """The same with the command line, which keeps a connection by its ControlMaster."""
    folder = home / ".ssh"
    known = f"UserKnownHostsFile={folder / 'known_hosts'}"
    ssh = ["ssh", f"-F{folder / 'config'}", f"-i{folder / 'id_ed25519'}", f"-o{known}", f"-S{folder / 'master'}"]

    def run(*arguments: str) -> None:
        subprocess.run([*ssh, *arguments], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    fresh = milliseconds(lambda: run("target", "true"))
    run("-M", "-N", "-f", "target")
    kept = typical_milliseconds(lambda: run("target", "true"))
    run("-O", "exit", "target")
    return {FRESH: fresh, KEPT: kept}


def _configure_peer(home: Path, sshd: Sshd) -> None:
    folder = home / ".config/ssh-mcp"
    folder.mkdir(mode=0o700, parents=True)
    config = folder / "config.toml"
    config.touch(mode=0o600)
    config.write_text(f"""\
[defaults]
defaultProfile = "target"
approvalMode = "auto"
[[profiles]]
name = "target"
host = "127.0.0.1"
port = {sshd.port}
user = "{getpass.getuser()}"
auth = "key"
keyRef = "{home / ".ssh/id_ed25519"}"
trustedHostKey = "{sshd.fingerprint}"
role = "admin"
approvalPolicy = "auto"
""")
