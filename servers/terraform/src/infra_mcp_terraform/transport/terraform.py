"""The terraform command line: python-terraform builds it, the suite's runner runs it. The only place with argv."""

import json
import shutil
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import Failed, NotConfigured
from infra_mcp_common.io import programs
from infra_mcp_common.io.programs import Finished, Step
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.call_context import require
from infra_mcp_terraform.domain.events import Event, events_of, parse
from infra_mcp_terraform.domain.plan_request import PlanRequest
from infra_mcp_terraform.settings import BIN, child_environment
from infra_mcp_terraform.transport.runs import Slot

# The first SIGINT lets terraform finish what is under way, save the state and release the lock; the second makes it
# give up at once. SIGTERM would kill its providers under it.
STOP = (Step(signal.SIGINT, 45.0), Step(signal.SIGINT, 10.0), Step(signal.SIGKILL, 2.0))
# How long all of that may take, for the deadlines of tools.
STOP_SECONDS = 75.0
_LOCK_TIMEOUT = "5s"
_EVERYTHING = 1 << 40

OnEvent = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True)
class Ended:
    """How a command ended. events: the lines of its -json output. exit_status: None where a signal ended it."""

    exit_status: int | None
    stdout: str
    stderr: str
    timed_out: bool
    seconds: float

    @property
    def events(self) -> list[Event]:
        return events_of(self.stdout)

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON object that the command printed."""
        try:
            found = json.loads(self.stdout)
        except ValueError:
            raise Failed("terraform did not answer with JSON.", "Check its version: doctor says it.") from None
        return found if isinstance(found, dict) else {}


def binary() -> str:
    """The program to run."""
    chosen = current().settings.get(BIN) or "terraform"
    found = shutil.which(chosen) or (None if current().settings.get(BIN) else shutil.which("tofu"))
    if found is None:
        raise NotConfigured(
            f"{chosen} was not found.",
            f"Install terraform or OpenTofu, or set {BIN.name} to the path of one.",
            setting=BIN.name,
        )
    return found


def _argv(words: str, *positional: str, **options: Any) -> list[str]:
    """True makes a flag, False `-x=false`, a list repeats the option, None leaves it out."""
    from python_terraform import IsFlagged, Terraform  # type: ignore[import-untyped]

    class Builder(Terraform):  # type: ignore[misc]
        def read_state_file(self, file_path: str | None = None) -> None:
            """Not ours to read: the state may be big, remote, encrypted, and full of secrets."""

    given = {name: IsFlagged if value is True else value for name, value in options.items()}
    builder = Builder(terraform_bin_path=binary())
    return [str(word) for word in builder.generate_cmd_string(words, *positional, **given)]


async def look(directory: Path | None, words: str, *positional: str, timeout: float = 120, **options: Any) -> Ended:
    """Run a command that only looks."""
    finished = await programs.run(
        _argv(words, *positional, **options),
        timeout=timeout,
        cwd=directory,
        env=child_environment(),
        head=_EVERYTHING,
    )
    return _ended(finished)


async def _work(
    slot: Slot, words: str, *positional: str, timeout: float, on_event: OnEvent | None = None, **options: Any
) -> Ended:
    """Run a command that may hold the lock of the state; it outlives us if need be, and is found again by its slot."""

    async def on_line(line: str) -> None:
        if on_event is not None and (event := parse(line)) is not None:
            await on_event(event)

    finished = await programs.run(
        _argv(words, *positional, **options),
        timeout=timeout,
        cwd=slot.directory,
        env=child_environment(),
        stop=STOP,
        on_line=on_line,
        head=_EVERYTHING,
        outlive=slot.folder,
        on_start=slot.note_process,
    )
    return _ended(finished)


def _ended(finished: Finished) -> Ended:
    texts = [capture.whole().decode("utf-8", "replace") for capture in (finished.stdout, finished.stderr)]
    return Ended(finished.exit_status, texts[0], texts[1], finished.timed_out, finished.seconds)


_machine = partial(_work, input=False, no_color=True, json=True)


async def init(slot: Slot, *, backend: str | None, upgrade: bool, backend_files: list[Path], timeout: float) -> Ended:
    """backend: None keeps the one in use, `migrate` copies the state to the new one, `reconfigure` leaves it behind."""
    require("destructive" if backend else "write", "terraform init")
    return await _machine(
        slot,
        "init",
        timeout=timeout,
        upgrade=upgrade or None,
        reconfigure=True if backend == "reconfigure" else None,
        migrate_state=True if backend == "migrate" else None,
        json=None if backend == "migrate" else True,  # terraform takes only one of the two
        force_copy=True if backend == "migrate" else None,
        backend_config=[str(path) for path in backend_files],
        lock_timeout=_LOCK_TIMEOUT,
    )


async def plan(
    slot: Slot, request: PlanRequest, out: Path, *, timeout: float, on_event: OnEvent | None = None
) -> Ended:
    """Save a plan to `out`. Exit status 0: nothing to do, 2: changes."""
    files = [*request.var_files, *([slot.write_variables(request.variables)] if request.variables else [])]
    return await _machine(
        slot,
        "plan",
        timeout=timeout,
        on_event=on_event,
        destroy=(request.mode == "destroy") or None,
        refresh_only=(request.mode == "refresh") or None,
        refresh=None if request.refresh else False,
        target=list(request.targets),
        replace=list(request.replace),
        var_file=[str(path) for path in files],
        out=out,
        detailed_exitcode=True,
        lock_timeout=_LOCK_TIMEOUT,
    )


async def apply(slot: Slot, saved: Path, *, timeout: float, on_event: OnEvent) -> Ended:
    """Apply a saved plan, and nothing else."""
    require("destructive", "terraform apply")
    return await _machine(slot, "apply", str(saved), timeout=timeout, on_event=on_event, lock_timeout=_LOCK_TIMEOUT)


async def show(directory: Path, saved: Path | None = None) -> Ended:
    """The state, or a saved plan, as JSON: with sensitive values in clear."""
    return await look(directory, "show", *([str(saved)] if saved else []), json=True, no_color=True, timeout=300)


async def list_state(directory: Path) -> Ended:
    return await look(directory, "state list")


async def force_unlock(slot: Slot, lock_id: str) -> Ended:
    require("destructive", "terraform force-unlock")
    return await _work(slot, "force-unlock", lock_id, force=True, no_color=True, timeout=60)


async def validate(directory: Path) -> Ended:
    return await look(directory, "validate", json=True, no_color=True)


async def fmt(directory: Path, *, write: bool, recursive: bool) -> Ended:
    """Files that are not in the canonical format, one a line; exit status 3 where it only checked and found some."""
    if write:
        require("write", "terraform fmt")
    return await look(
        directory, "fmt", list="true", write=write or False, check=None if write else True, recursive=recursive or None
    )


async def list_workspaces(directory: Path) -> Ended:
    return await look(directory, "workspace list", no_color=True)


async def select_workspace(slot: Slot, name: str, *, create: bool) -> Ended:
    require("write", "terraform workspace select")
    return await _work(slot, "workspace select", name, or_create=create, no_color=True, timeout=60)


async def providers(directory: Path) -> Ended:
    return await look(directory, "providers")


async def version(directory: Path | None = None) -> Ended:
    return await look(directory, "version", json=True, timeout=20)
