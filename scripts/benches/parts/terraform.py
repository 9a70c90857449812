"""terraform-mcp's plan beside the plain command: the plan alone, and with the `show` that reads it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benches.contest import Contestant, Sample
from benches.life import live, milliseconds, rows, typical_milliseconds
from benches.wire import Wire
from sandbox.client import console_script, minimal_environment

FIRST, AGAIN = "plan of 50 resources, first", "plan of 50 resources, again"
ROWS = rows(FIRST, AGAIN)
_TIMES = 5

_CONFIGURATION = """\
resource "terraform_data" "unit" {
  for_each = toset([for number in range(50) : tostring(number)])
  input    = "value ${each.key}"
}
"""


@contextmanager
def contest(folder: Path, *, peers: bool) -> Iterator[list[Contestant]]:  # noqa: ARG001 -- npm has none that plans
    home = folder / "home"
    (home / "lab").mkdir(parents=True)
    (home / "lab/main.tf").write_text(_CONFIGURATION)
    if shutil.which("terraform") is None:
        yield [Contestant("terraform-mcp", absent="terraform is not installed")]
        return
    yield [
        Contestant("terraform-mcp", _ours(home)),
        Contestant("terraform plan", lambda: _bare(home / "lab", ["plan"])),
        Contestant("plan and show -json", lambda: _bare(home / "lab", ["plan", "show"])),
    ]


def _ours(home: Path) -> Callable[[], Sample]:
    def plan(server: Wire) -> None:
        server.call("plan", directory="lab")

    environment = minimal_environment(home) | {"TERRAFORM_MCP_ROOTS": str(home)}
    return lambda: live([console_script("terraform-mcp")], environment, plan, FIRST, AGAIN, _TIMES)


def _bare(lab: Path, commands: list[str]) -> Sample:
    options = {"plan": ["-input=false", "-out=../plan"], "show": ["-json", "../plan"]}
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}

    def run() -> None:
        for name in commands:
            command = ["terraform", name, *options[name]]  # found by its name, as a person would
            subprocess.run(command, cwd=lab, env=environment, check=True, stdin=subprocess.DEVNULL, capture_output=True)

    return {FIRST: milliseconds(run), AGAIN: typical_milliseconds(run, _TIMES)}
