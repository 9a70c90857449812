"""proxmox-mcp on an embedded cluster in which a few things are broken."""

from pathlib import Path

from demos.stage import Stage, perform
from sandbox.proxmox import FakeProxmox


async def play(folder: Path) -> None:
    home = folder / "home"
    with FakeProxmox(task_seconds=0.2) as pve:
        _furnish(pve)
        _configure(home, pve)
        async with perform("proxmox-mcp", home=home) as stage:
            await stage.list_tools()
            await _look(stage)
            await _work(stage)
            await _destroy(stage)


def _configure(home: Path, pve: FakeProxmox) -> None:
    """The env file that a user would write."""
    file = home / ".config/infra-mcp/proxmox.env"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in pve.environment().items()))


def _furnish(pve: FakeProxmox) -> None:
    pve.add_guest(100, name="web", running=True, agent=True, addresses=["192.0.2.10/24"], config={"agent": "1"})
    pve.add_guest(101, "lxc", name="dns", running=True, addresses=["192.0.2.53/24"], config={"cmode": "shell"})
    pve.add_guest(102, name="mail", config={"lock": "backup"})
    pve.add_guest(103, name="old-web")
    pve.add_guest(104, name="build", node="pve3", running=True)
    pve.cluster.storages["backups"].total = 21 * 2**30
    pve.tasks.plan("vzdump", outcome="job errors", seconds=0)
    pve.tasks.begin("pve2", "vzdump", "102", "root@pam", effect=lambda: None)
    pve.go_offline("pve3")


async def _look(stage: Stage) -> None:
    await stage.call("Is anything broken?", "infra_overview")
    await stage.call("Who runs where", "list_guests", with_ips=True, status="running")


async def _work(stage: Stage) -> None:
    await stage.call("Start a VM and wait for the end of its task", "start_vm", vm="old-web")
    await stage.call(
        "A command in a container, by the API alone", "exec_container", container="dns", command="id -un; ls nowhere"
    )
    await stage.call("Refused: another operation holds that guest", "start_vm", vm="mail", ends="refused")
    await stage.call("Refused: its node is down", "stop_vm", vm=104, ends="refused")


async def _destroy(stage: Stage) -> None:
    await stage.call("Stop it again", "stop_vm", vm="old-web")
    preview = await stage.call("What would be lost", "delete_guest", guest="old-web", ends="preview")
    await stage.call("Delete exactly what was shown", "delete_guest", guest="old-web", **preview["confirm_with"])
