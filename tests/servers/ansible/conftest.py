"""A project of Ansible's kind, and the server started in it."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from sandbox.client import RunningServer
from support.client import StartServer

LOCAL = f"ansible_connection=local ansible_python_interpreter={sys.executable}"


class Project:
    """A folder with an inventory of hosts that are this machine, and whatever a test writes into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inventory("hosts", web=["web1", "web2"], db=["db1"])

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return name

    def inventory(self, name: str, *, variables: str = LOCAL, **groups: list[str]) -> str:
        lines = [line for group, hosts in groups.items() for line in (f"[{group}]", *hosts)]
        return self.write(name, "\n".join([*lines, "[all:vars]", *variables.split(" "), ""]))


class StartAnsible(Protocol):
    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[RunningServer]: ...


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture
def ansible(start: StartServer, project: Project) -> StartAnsible:
    """Start the server with the project as its only root."""

    @asynccontextmanager
    async def start_here(*arguments: str, env: Mapping[str, str] | None = None) -> AsyncIterator[RunningServer]:
        settings = {"ANSIBLE_MCP_ROOTS": str(project.folder), **(env or {})}
        async with start("ansible-mcp", *arguments, env=settings) as server:
            yield server

    return start_here
