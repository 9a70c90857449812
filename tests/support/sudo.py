"""A real user with a real password who may use the real sudo; made for one test and removed after it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from support.ssh_home import MakeSshd, SshHome
from support.ssh_keys import public_half
from support.sshd import Sshd
from support.tools import require

_SUDOERS = Path("/etc/sudoers.d")


@dataclass(frozen=True)
class Sudoer:
    name: str
    password: str

    def allow(self, *, password: bool) -> None:
        """Let the user become root, asked for the password or not."""
        tag = "PASSWD" if password else "NOPASSWD"
        rule = _SUDOERS / self.name
        rule.write_text(f"{self.name} ALL=(ALL) {tag}: ALL\n")
        rule.chmod(0o440)

    def remove(self) -> None:
        (_SUDOERS / self.name).unlink(missing_ok=True)
        subprocess.run([require("userdel"), self.name], check=True, capture_output=True)


@pytest.fixture
def sudoer() -> Iterator[Sudoer]:
    if os.geteuid() != 0:
        pytest.skip("only root can add the user this needs")
    require("sudo")
    user = Sudoer(f"infra-mcp-{os.getpid()}", f"canary-{os.urandom(8).hex()}")
    subprocess.run([require("useradd"), "--no-create-home", "--shell", "/bin/sh", user.name], check=True)
    try:
        subprocess.run([require("chpasswd")], input=f"{user.name}:{user.password}", text=True, check=True)
        yield user
    finally:
        user.remove()


@pytest.fixture
def sudo_sshd(make_sshd: MakeSshd, ssh_home: SshHome, sudoer: Sudoer) -> Iterator[Sshd]:
    """A host in known_hosts that lets the test's user in as the sudoer."""
    # The other user must reach the keys that let him in; pytest's own folders are closed to everybody else.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        authorized = Path(folder) / "authorized_keys"
        authorized.write_text(f"{public_half(ssh_home.key())}\n")
        server = make_sshd("target", AuthorizedKeysFile=str(authorized))
        ssh_home.trust(server)
        yield server
