"""Terraform projects of a test, a terraform that is watched, and an HTTP state backend that locks."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import RunningServer, ServerProcess
from support.client import StartProcess, StartServer
from support.tools import require

StartTerraform = Callable[..., AbstractAsyncContextManager[RunningServer]]
StartTerraformProcess = Callable[..., AbstractAsyncContextManager[ServerProcess]]


@dataclass(frozen=True)
class Project:
    """A directory with a configuration, below the home of the test."""

    folder: Path

    def write(self, text: str, name: str = "main.tf") -> "Project":
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return self

    @property
    def state(self) -> dict[str, Any]:
        """The state as it lies on disk."""
        path = self.folder / "terraform.tfstate"
        found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {"resources": []}
        return found

    @property
    def applied(self) -> set[str]:
        """Resources in the state, as `type.name` or `type.name["key"]`."""
        return {
            f"{item['type']}.{item['name']}" + (f'["{instance["index_key"]}"]' if "index_key" in instance else "")
            for item in self.state["resources"]
            for instance in item["instances"]
        }

    def is_locked(self) -> bool:
        return (self.folder / ".terraform.tfstate.lock.info").exists()


@pytest.fixture
def make_project(home: Path) -> Callable[[str], Project]:
    """Make another project: `make_project("name")`."""
    require("terraform")

    def make(name: str) -> Project:
        folder = home / name
        folder.mkdir()
        return Project(folder)

    return make


@pytest.fixture
def project(make_project: Callable[[str], Project]) -> Project:
    """An empty project, `lab` in the server's home."""
    return make_project("lab")


@pytest.fixture
def terraform(start: StartServer) -> StartTerraform:
    """Serve terraform-mcp in this process: `async with terraform() as server`."""
    return partial(start, "terraform-mcp")


@pytest.fixture
def terraform_process(start_process: StartProcess) -> StartTerraformProcess:
    """Start terraform-mcp as a client does."""
    return partial(start_process, "terraform-mcp")


class Watched:
    """A `terraform` that writes down how it was started, and may change what it answers, before it is the real one."""

    def __init__(self, folder: Path) -> None:
        self.path, self._notes = folder / "terraform", folder / "notes"
        self._notes.mkdir(parents=True)
        self._first = ""
        self._script()

    def replacing(self, old: str, new: str) -> "Watched":
        """Answer `show` with other words, as a provider that is not here would."""
        self._first += f'case "$1" in show) {require("terraform")} "$@" | sed \'s/{old}/{new}/g\'; exit ;; esac\n'
        self._script()
        return self

    def waiting_for(self, go: Path) -> None:
        """Plan only once this file is there."""
        self._first += f'case "$1" in plan) while [ ! -e {go} ]; do sleep 0.1; done ;; esac\n'
        self._script()

    def refreshing_as_plan(self) -> None:
        """Make an ordinary plan where a refresh-only one is asked for."""
        self._first += 'for word; do shift; [ "$word" = -refresh-only ] || set -- "$@" "$word"; done\n'
        self._script()

    @property
    def runs(self) -> list[str]:
        """For each start, everything that can be seen of it: arguments, environment, standard input, variable files."""
        return [path.read_text("utf-8", "replace") for path in sorted(self._notes.iterdir())]

    def _script(self) -> None:
        self.path.write_text(f"""\
#!/bin/sh
{{
    echo "ARGV $*"
    readlink /proc/self/fd/0
    env | grep -v '^TF_VAR_' | sort
    for word in "$@"; do
        case "$word" in -var-file=*) stat -c 'MODE %a %n' "${{word#-var-file=}}" ;; esac
    done
}} > "{self._notes}/$(date +%s%N)"
{self._first}exec {require("terraform")} "$@"
""")
        self.path.chmod(0o755)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "watched")


class _StateBackend(BaseHTTPRequestHandler):
    """Terraform's `http` backend: one state, one lock."""

    state: bytes | None = None
    lock: bytes | None = None
    open: threading.Event

    def do_GET(self) -> None:
        self._answer(200, self.kept.state) if self.kept.state else self._answer(404)

    def do_POST(self) -> None:
        body = self._body()
        self.kept.open.wait(60)
        self.kept.state = body
        self._answer(200)

    def do_LOCK(self) -> None:
        if self.kept.lock:
            self._answer(423, self.kept.lock)
        else:
            self.kept.lock = self._body()
            self._answer(200)

    def do_UNLOCK(self) -> None:
        self._body()
        self.kept.lock = None
        self._answer(200)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""

    @property
    def kept(self) -> "type[_StateBackend]":
        return type(self)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass(frozen=True)
class Backend:
    """An HTTP state backend on loopback."""

    url: str
    kept: type[_StateBackend]

    @property
    def configuration(self) -> str:
        methods = 'lock_method = "LOCK"\n unlock_method = "UNLOCK"'
        address = f'address = "{self.url}"\n lock_address = "{self.url}"\n unlock_address = "{self.url}"'
        return f'terraform {{\n backend "http" {{\n {address}\n {methods}\n }}\n}}\n'

    @property
    def locked(self) -> bool:
        return self.kept.lock is not None

    @property
    def applied(self) -> set[str]:
        """Names of the resources in the state."""
        return {item["name"] for item in json.loads(self.kept.state or b'{"resources": []}')["resources"]}

    def hold(self) -> None:
        """Keep whoever saves a state waiting until `release`."""
        self.kept.open.clear()

    def release(self) -> None:
        self.kept.open.set()

    def lock_as(self, who: str, lock_id: str) -> None:
        lock = {"ID": lock_id, "Operation": "OperationTypeApply", "Who": who, "Created": "2026-01-02T03:04:05Z"}
        self.kept.lock = json.dumps({**lock, "Info": "", "Version": "1.11.4", "Path": ""}).encode()


@contextmanager
def state_backend() -> Iterator[Backend]:
    class Kept(_StateBackend):
        open = threading.Event()

    Kept.open.set()
    with ThreadingHTTPServer(("127.0.0.1", 0), Kept) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Backend(f"http://127.0.0.1:{server.server_port}/state", Kept)
        server.shutdown()


@pytest.fixture
def backend() -> Iterator[Backend]:
    with state_backend() as running:
        yield running


def processes_in(folder: Path) -> list[int]:
    """Processes whose working directory is this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if Path(os.readlink(entry / "cwd")) == folder:  # noqa: PTH115 -- resolve() hides what is gone
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
