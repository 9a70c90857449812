"""For every server, a good call that its other side leaves without an answer for longer than any test takes."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contract.worlds.base import Call, Waiting
from sandbox.cloudflare.faults import Fault
from sandbox.proxmox.recording import Raw
from support.terraform import Watched
from support.tools import require

_SECONDS = 600.0


def waiting(world: Any, mark: str) -> Waiting:
    """Let the other side dawdle from now on. mark: in the environment of what runs there, where that is a program."""
    of_server: Callable[[Any, str], Waiting] = _BY_SERVER.get(world.name, type(world).waiting)
    return of_server(world, mark)


def _ansible(world: Any, mark: str) -> Waiting:
    begun = world.home / "begun"
    arguments = {"pattern": "web1", "module": "shell", "args": f"touch {begun}; MARK={mark} sleep 600"}
    return Waiting(Call("run_adhoc", arguments), begun.exists, {})


def _cloudflare(world: Any, mark: str) -> Waiting:
    world.fake.faults.add(Fault("slow", seconds=_SECONDS, times=99))
    return Waiting(Call("list_zones"), lambda: bool(world.fake.recording.requests), {})


def _kubectl(world: Any, mark: str) -> Waiting:
    world.cluster.faults.mode = "hang"
    return Waiting(Call("get", {"kind": "pods"}), lambda: bool(world.cluster.recording.requests), {})


def _proxmox(world: Any, mark: str) -> Waiting:
    world.fake.answer_with("GET", Raw(seconds=_SECONDS), times=99)
    return Waiting(Call("list_guests"), lambda: bool(world.fake.requests), {})


def _ssh(world: Any, mark: str) -> Waiting:
    begun = world.sshd.home / "begun"
    command = f"touch ~/begun; MARK={mark} sleep 600"
    return Waiting(Call("run_command", {"host": "target", "command": command}), begun.exists, {})


def _terraform(world: Any, mark: str) -> Waiting:
    subprocess.run([require("terraform"), "init"], cwd=world.project.folder, capture_output=True, check=True)
    watched = Watched(world.home.parent / "watched")
    watched.waiting_for(Path("/nowhere/at/all"))
    return Waiting(
        Call("plan", {"directory": str(world.project.folder)}),
        lambda: any("ARGV plan" in run for run in watched.runs),
        {"TERRAFORM_MCP_BIN": str(watched.path), "TERRAFORM_MCP_ROOTS": str(world.home)},
    )


_BY_SERVER: dict[str, Callable[[Any, str], Waiting]] = {
    "ansible": _ansible,
    "cloudflare": _cloudflare,
    "kubectl": _kubectl,
    "proxmox": _proxmox,
    "ssh": _ssh,
    "terraform": _terraform,
}
