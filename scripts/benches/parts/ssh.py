"""ssh-mcp beside the plain ssh command and the ssh-mcp of npm, on a real sshd on loopback."""

import getpass
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benches.contest import Contestant, Sample
from benches.peers import npm_package
from benches.wire import Wire, milliseconds, typical_milliseconds, wire
from sandbox.client import console_script, minimal_environment
from support.sshd import Sshd, SshHome

LISTED = "process start to first tools/list"
RSS, PSS = "memory when listed, RSS", "memory when listed, PSS"
FRESH, KEPT = "run_command, new connection", "run_command, kept connection"
RSS_USED, PSS_USED = "memory after commands, RSS", "memory after commands, PSS"
ROWS = {LISTED: "ms", RSS: "MB", PSS: "MB", FRESH: "ms", KEPT: "ms", RSS_USED: "MB", PSS_USED: "MB"}

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

    return lambda: _use_server([console_script("ssh-mcp")], minimal_environment(home), run)


def _peer(home: Path, sshd: Sshd) -> Contestant:
    name = f"npm ssh-mcp {PEER_VERSION}"
    package = npm_package("ssh-mcp", PEER_VERSION)
    if isinstance(package, str):
        return Contestant(name, absent=package)
    _configure_peer(home, sshd)

    def run(server: Wire) -> None:
        server.call("run-command", command="true")

    command = ["node", str(package / "build/index.js")]
    return Contestant(name, lambda: _use_server(command, minimal_environment(home), run))


def _use_server(command: Sequence[str | Path], environment: Mapping[str, str], run: Callable[[Wire], None]) -> Sample:
    """Start a server, list its tools, run a command on a host it has not met, then more of them."""
    figures: dict[str, float] = {}
    begin = time.perf_counter()
    with wire(command, environment) as server:
        server.list_tools()
        figures[LISTED] = (time.perf_counter() - begin) * 1000
        figures[RSS], figures[PSS] = server.memory()
        figures[FRESH] = milliseconds(lambda: run(server))
        figures[KEPT] = typical_milliseconds(lambda: run(server))
        figures[RSS_USED], figures[PSS_USED] = server.memory()
    return figures


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
