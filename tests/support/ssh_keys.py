"""SSH keys, and a real ssh-agent to hold them."""

import os
import subprocess
from pathlib import Path
from typing import Self

from support.tools import require, wait_for


def make_key(path: Path, *, kind: str = "ed25519", passphrase: str = "") -> Path:
    """Generate a key pair; the public half lies beside it with `.pub`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keygen = require("ssh-keygen")
    subprocess.run([keygen, "-q", "-t", kind, "-N", passphrase, "-C", path.name, "-f", path], check=True)
    return path


def public_half(key: Path) -> str:
    return key.with_name(f"{key.name}.pub").read_text().strip()


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
