"""Two hosts: one in known_hosts, one that nobody has met."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.scenes.base import Scene
from support.ssh_home import SshHome
from support.sshd import Sshd
from support.tools import require


@contextmanager
def scene(home: Path) -> Iterator[Scene]:
    require("sshd")
    mine = SshHome(home)
    with Sshd(home.parent / "known") as known, Sshd(home.parent / "stranger") as stranger:
        key = mine.key()
        for host in (known, stranger):
            host.authorize(key)
        mine.trust(known)
        mine.alias("target", known)
        mine.alias("stranger", stranger)
        yield Scene(
            preview=("write_file", {"host": "target", "path": str(home / "motd"), "content": "Welcome.\n"}),
            refusal=("read_file", {"host": "stranger", "path": "motd"}),
            reason="SHA256:",
            settings={"INFRA_MCP_GATE": "writes"},
            state=(home / "motd").exists,
        )
