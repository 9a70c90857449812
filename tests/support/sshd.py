"""A real OpenSSH server on loopback, with keys, known_hosts and a home of its own, and a real ssh-agent."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import psutil
import pytest

from support.tools import end, require, wait_for

# Set in every session, so that a command which outlives its connection can still be found and ended.
_MARK = "INFRA_MCP_TEST_SSHD"


def make_key(path: Path, *, kind: str = "ed25519", passphrase: str = "") -> Path:
    """Generate a key pair; the public half lies beside it with `.pub`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keygen = require("ssh-keygen")
    subprocess.run([keygen, "-q", "-t", kind, "-N", passphrase, "-C", path.name, "-f", path], check=True)
    return path


def public_half(key: Path) -> str:
    return key.with_name(f"{key.name}.pub").read_text().strip()


class Sshd:
    """One server on 127.0.0.1. Its sessions run as the user who runs the tests, with HOME set to a temporary folder."""

    def __init__(self, folder: Path, **options: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.host_key = make_key(folder / "host_key")
        self.port = free_port()
        self._options = options
        self._log = folder / "log"
        self._log.touch()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        end([*self._servers(), *self._commands()])
        self._reap()

    def start(self) -> None:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd wants it for its unprivileged half
        config = self.folder / "sshd_config"
        config.write_text("".join(f"{name} {value}\n" for name, value in self._settings().items()))
        already_up = self._count("Server listening on")
        with self._log.open("ab") as log:
            command = [require("sshd"), "-D", "-e", "-f", str(config)]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(lambda: self._count("Server listening on") > already_up or self._has_died(), "sshd listens")
        if self._has_died():
            pytest.fail(f"sshd did not start:\n{self._log.read_text()}")

    def kill(self) -> None:
        """End the server and its connections at once; commands started through it live on, as on a real host."""
        end(self._servers())
        self._reap()

    def restart(self, *, new_host_key: bool = False) -> None:
        """Come back on the same port, on request as a host with another key."""
        self.kill()
        if new_host_key:
            self.host_key.unlink()
            make_key(self.host_key)
        self.start()

    def freeze(self) -> None:
        """Answer nothing more, with every connection still open, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def authorize(self, key: Path) -> None:
        """Let the holder of this key in."""
        with (self.folder / "authorized_keys").open("a") as authorized:
            authorized.write(f"{public_half(key)}\n")

    @property
    def connections(self) -> int:
        """How many times a client connected, whether it was let in or not."""
        return self._count("Connection from ")

    @property
    def logins(self) -> int:
        return self._count("Accepted publickey ")

    @property
    def accepted_key(self) -> str:
        """The fingerprint of the key that was let in last."""
        return self._log.read_text("utf-8", "replace").rsplit("Accepted publickey ", 1)[1].split()[8]

    @property
    def fingerprint(self) -> str:
        """The host key's, as `SHA256:...`."""
        command = [require("ssh-keygen"), "-l", "-f", str(self.host_key)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1]

    @property
    def known_hosts_line(self) -> str:
        return f"[127.0.0.1]:{self.port} {public_half(self.host_key)}\n"

    def _settings(self) -> dict[str, str]:
        return {
            "ListenAddress": f"127.0.0.1:{self.port}",
            "HostKey": str(self.host_key),
            "AuthorizedKeysFile": str(self.folder / "authorized_keys"),
            "PidFile": "none",
            "LogLevel": "VERBOSE",
            "UsePAM": "no",
            "StrictModes": "no",
            "PermitRootLogin": "yes",
            "PasswordAuthentication": "no",
            "PermitUserRC": "no",
            "PrintMotd": "no",
            "Subsystem": f"sftp internal-sftp -d {self.home}",
            "SetEnv": f"HOME={self.home} {_MARK}={self.port}",
            **self._options,
        }

    def _servers(self) -> list[psutil.Process]:
        """The listener and one or two processes for each connection."""
        if self._process is None or self._has_died():
            return []
        listener = psutil.Process(self._process.pid)
        return [listener, *(child for child in listener.children(recursive=True) if child.name().startswith("sshd"))]

    def _commands(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _environment(process).get(_MARK) == str(self.port)]

    def _signal(self, number: signal.Signals) -> None:
        for server in self._servers():
            server.send_signal(number)

    def _count(self, text: str) -> int:
        return self._log.read_text("utf-8", "replace").count(text)

    def _has_died(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(timeout=5)


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


class SshAgent:
    """A real ssh-agent; `socket` is what SSH_AUTH_SOCK should say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "agent"

    def __enter__(self) -> Self:
        command = [require("ssh-agent"), "-D", "-a", str(self.socket)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        wait_for(self.socket.exists, "ssh-agent listens")
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.wait()

    def add(self, key: Path) -> None:
        environment = {**os.environ, "SSH_AUTH_SOCK": str(self.socket)}
        subprocess.run([require("ssh-add"), "-q", key], env=environment, check=True, capture_output=True)

    def add_strangers(self, count: int) -> None:
        """Fill the agent with keys that no server knows."""
        for number in range(count):
            self.add(make_key(self.folder / f"stranger-{number}"))


MakeSshd = Callable[..., Sshd]


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


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
