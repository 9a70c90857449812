"""A real OpenSSH server on loopback, with a host key and a home of its own."""

import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Self

import psutil
import pytest

from support.ssh_keys import make_key, public_half
from support.tools import end, require, wait_for

# Set in every session, so that a command which outlives its connection can still be found and ended.
_MARK = "INFRA_MCP_TEST_SSHD"


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

    @property
    def is_running(self) -> bool:
        return self._process is not None and not self._has_died()

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
            self._process.wait(timeout=60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
