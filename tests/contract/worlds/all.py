"""Every server's other side, by the server's name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract.worlds.ansible import AnsibleWorld
from contract.worlds.base import SECRET, World
from contract.worlds.cloudflare import CloudflareWorld
from contract.worlds.kubectl import KubectlWorld
from contract.worlds.proxmox import ProxmoxWorld
from contract.worlds.ssh import SshWorld
from contract.worlds.terraform import TerraformWorld

WORLDS: dict[str, type[World]] = {
    world.name: world for world in (AnsibleWorld, CloudflareWorld, KubectlWorld, ProxmoxWorld, SshWorld, TerraformWorld)
}


@contextmanager
def opened(name: str, home: Path, secret: str = SECRET) -> Iterator[World]:
    """The world of this server, for a client whose home this is and who holds this secret."""
    world = WORLDS[name](home, secret)
    with world.opened():
        yield world
