"""ssh-mcp on two embedded SSH hosts: one in known_hosts, one that nobody has met."""

from pathlib import Path
from typing import Any

import asyncssh

from demos.stage import perform
from sandbox.ssh.host import USER, SshHost, ssh_host


async def play(folder: Path) -> None:
    home = folder / "home"
    public_key = _make_key(home)
    async with ssh_host(folder / "lab", public_key) as lab, ssh_host(folder / "stranger", public_key) as stranger:
        (home / ".ssh/known_hosts").write_text(lab.known_hosts_line)
        (home / ".ssh/config").write_text(_alias("lab", lab) + _alias("stranger", stranger))
        await _use(home)
        await _use_with_writes_gated(home)


async def _use(home: Path) -> None:
    async with perform("ssh-mcp", home=home) as stage:
        await stage.list_tools()
        await stage.call("Run a command", "run_command", host="lab", command="echo Hello from $USER; ls nowhere")
        await stage.call("Write a file", "write_file", host="lab", path="motd", content="Welcome.\n")
        await stage.call("Read it back", "read_file", host="lab", path="motd")
        await stage.call("A host whose key nobody knows", "run_command", host="stranger", command="id", ends="refused")


async def _use_with_writes_gated(home: Path) -> None:
    goodbye: dict[str, Any] = {"host": "lab", "path": "motd", "content": "Goodbye.\n"}
    async with perform("ssh-mcp", home=home, env={"INFRA_MCP_GATE": "writes"}) as stage:
        await stage.call("A write is only a preview", "write_file", **goodbye, ends="preview")
        await stage.call("Nothing has changed", "read_file", host="lab", path="motd")
        await stage.call("Confirmed, it is done", "write_file", **goodbye, confirmed=True)


def _make_key(home: Path) -> str:
    (home / ".ssh").mkdir(mode=0o700, parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(home / ".ssh/id_ed25519"))
    return key.export_public_key().decode()


def _alias(name: str, host: SshHost) -> str:
    return f"Host {name}\n    HostName 127.0.0.1\n    Port {host.port}\n    User {USER}\n"
