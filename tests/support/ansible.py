"""Projects of Ansible's kind, and the server that works in them."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import anyio
import psutil

from sandbox.client import RunningServer, ServerProcess, in_memory, start_server
from support.answers import data
from support.tools import wait_for

LOCAL = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
_MARK = "INFRA_MCP_TEST_LAB"

S = TypeVar("S", bound=RunningServer)


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


@dataclass(frozen=True)
class Places:
    """Where a server finds and leaves files. lab: the only root. temporary: the folder for those that do not stay."""

    lab: Path
    home: Path
    temporary: Path

    @property
    def settings(self) -> dict[str, str]:
        return {"ANSIBLE_MCP_ROOTS": str(self.lab), "TMPDIR": str(self.temporary), _MARK: str(self.home)}


class AnsibleServer(Generic[S]):
    """A running server, and what can be seen of its work from outside."""

    def __init__(self, server: S, places: Places) -> None:
        self.server, self._places = server, places

    async def call(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The data of an answer, whether it tells of a success or not."""
        return data(await self.server.call(tool, **arguments))

    async def play(self, project: Project, *tasks: str, hosts: str = "db", **arguments: Any) -> dict[str, Any]:
        """Run these tasks."""
        book = project.play(*tasks, hosts=hosts)
        return await self.call("run_playbook", **{"playbook": book, "inventory": project.hosts} | arguments)

    def processes(self) -> list[str]:
        """The command lines of what runs because of this server, itself apart; a zombie does not run."""
        found, itself = [], self.server.pid if isinstance(self.server, ServerProcess) else os.getpid()
        for process in psutil.process_iter():
            try:
                if process.pid != itself and process.status() != psutil.STATUS_ZOMBIE and self._ours(process):
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found

    def _ours(self, process: psutil.Process) -> bool:
        # An ssh that keeps a connection open writes its name and the socket's over its environment.
        shared = " ".join(process.cmdline()).startswith(f"ssh: {self._places.temporary}/")
        return shared or process.environ().get(_MARK) == str(self._places.home)

    def private_folders(self) -> list[Path]:
        """Where its runs have their files."""
        return list(self._places.temporary.iterdir())

    def files(self) -> list[Path]:
        """What its runs left there, and where Ansible itself would put sockets."""
        return [path for path in [*self.private_folders(), self._places.home / ".ansible/cp"] if path.exists()]


Ansible = AnsibleServer[RunningServer]
AnsibleProcess = AnsibleServer[ServerProcess]


class StartAnsible(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Ansible]: ...


class StartAnsibleProcess(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[AnsibleProcess]: ...


def new_project(lab: Path) -> Project:
    folder = lab / f"project{len(list(lab.iterdir()))}"
    folder.mkdir()
    return Project(folder, lab)


@asynccontextmanager
async def started(places: Places, *arguments: str, env: Mapping[str, str] | None = None) -> AsyncIterator[Ansible]:
    """Serve in this process."""
    settings = places.settings | dict(env or {})
    async with in_memory("ansible-mcp", *arguments, home=places.home, env=settings) as server:
        yield Ansible(server, places)


@asynccontextmanager
async def started_process(
    places: Places, *arguments: str, env: Mapping[str, str] | None = None
) -> AsyncIterator[AnsibleProcess]:
    """Start a server as a client does."""
    settings = places.settings | dict(env or {})
    async with start_server("ansible-mcp", *arguments, home=places.home, env=settings) as server:
        yield AnsibleProcess(server, places)


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for this however busy the machine is; in vain, it fails."""
    await anyio.to_thread.run_sync(wait_for, condition, what, 50, abandon_on_cancel=True)
