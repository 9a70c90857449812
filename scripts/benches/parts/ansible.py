"""ansible-mcp's ad hoc ping beside the plain command, on one host over a local connection."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benches.contest import Contestant, Sample
from benches.life import live, milliseconds, rows, typical_milliseconds
from benches.wire import Wire
from sandbox.client import console_script, minimal_environment

FIRST, AGAIN = "ad hoc ping, first", "ad hoc ping, again"
ROWS = rows(FIRST, AGAIN)
# It takes seconds on a busy machine, and there are rounds enough.
_TIMES = 1


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:  # noqa: ARG001 -- npm has none that runs modules
    home = folder / "home"
    lab = home / "lab"
    lab.mkdir(parents=True)
    (lab / "hosts").write_text(f"one ansible_connection=local ansible_python_interpreter={sys.executable}\n")
    yield [Contestant("ansible-mcp", _ours(home)), Contestant("ansible command", lambda: _bare(home))]


def _ours(home: Path) -> Callable[[], Sample]:
    def ping(server: Wire) -> None:
        server.call("run_adhoc", pattern="one", module="ping", inventory="hosts")

    environment = minimal_environment(home) | {"ANSIBLE_MCP_ROOTS": str(home / "lab")}
    return lambda: live([console_script("ansible-mcp")], environment, ping, FIRST, AGAIN, _TIMES)


def _bare(home: Path) -> Sample:
    environment = minimal_environment(home) | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"}
    command = [str(console_script("ansible")), "-i", "hosts", "one", "-m", "ping"]

    def run() -> None:
        subprocess.run(
            command, cwd=home / "lab", env=environment, check=True, stdin=subprocess.DEVNULL, capture_output=True
        )

    return {FIRST: milliseconds(run), AGAIN: typical_milliseconds(run, _TIMES)}
