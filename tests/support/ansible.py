"""Projects of Ansible's kind, and the server that works in them."""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import anyio
import psutil

from sandbox.client import ServerProcess, start_server
from support.answers import data
from support.tools import wait_for

LOCAL = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
_MARK = "INFRA_MCP_TEST_LAB"


class Project:
    """A folder below the lab, with an inventory of hosts that are this machine, and whatever a test writes into it."""

    def __init__(self, folder: Path, lab: Path) -> None:
        self.folder, self._lab = folder, lab
        self.hosts = self.inventory("hosts", web=["web1", "web2"], db=["db1"])

    def write(self, name: str, text: str) -> str:
        """Write a file; the answer is its name as the tools take it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path.relative_to(self._lab))

    def inventory(self, name: str, *, variables: str = LOCAL, **groups: list[str]) -> str:
        lines = [line for group, hosts in groups.items() for line in (f"[{group}]", *hosts)]
        return self.write(name, "\n".join([*lines, "[all:vars]", *variables.split(" "), ""]))

    def play(self, *tasks: str, hosts: str = "db", name: str = "play.yml") -> str:
        """Write a playbook of one play, from its tasks in YAML."""
        lines = [f"- hosts: {hosts}", "  gather_facts: false", "  tasks:", *(f"    - {task}" for task in tasks)]
        return self.write(name, "\n".join([*lines, ""]))


class Ansible:
    """A running server, and what can be seen of its work from outside."""

    def __init__(self, server: ServerProcess, home: Path) -> None:
        self.server, self.home = server, home

    async def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The data of an answer, whether it tells of a success or not."""
        return data(await self.server.call(tool, **arguments))

    async def play(self, project: Project, *tasks: str, hosts: str = "db", **arguments: Any) -> dict[str, Any]:
        """Run these tasks."""
        book = project.play(*tasks, hosts=hosts)
        return await self.call("run_playbook", **{"playbook": book, "inventory": project.hosts} | arguments)

    def processes(self) -> list[str]:
        """The command lines of what runs because of this server, itself apart; a zombie does not run."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.pid != self.server.pid and process.status() != psutil.STATUS_ZOMBIE and self._ours(process):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found

    def _ours(self, process: psutil.Process) -> bool:
        # An ssh that keeps a connection open writes its name and the socket's over its environment.
        shared = " ".join(process.cmdline()).startswith(f"ssh: /tmp/ansible-mcp-{self.server.pid}-")
        return shared or process.environ().get(_MARK) == str(self.home)

    def private_folders(self) -> list[Path]:
        """Where its runs have their files."""
        return list(Path("/tmp").glob(f"ansible-mcp-{self.server.pid}-*"))

    def files(self) -> list[Path]:
        """What its runs left there, and where Ansible itself would put sockets."""
        return [path for path in [*self.private_folders(), self.home / ".ansible/cp"] if path.exists()]


class StartAnsible(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Ansible]: ...


def new_project(lab: Path) -> Project:
    folder = lab / f"project{len(list(lab.iterdir()))}"
    folder.mkdir()
    return Project(folder, lab)


@asynccontextmanager
async def started(
    lab: Path, home: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> AsyncIterator[Ansible]:
    settings = {"ANSIBLE_MCP_ROOTS": str(lab), _MARK: str(home), **(env or {})}
    async with start_server("ansible-mcp", *arguments, home=home, env=settings) as server:
        yield Ansible(server, home)


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for this however busy the machine is; in vain, it fails."""
    await anyio.to_thread.run_sync(wait_for, condition, what, 50, abandon_on_cancel=True)
