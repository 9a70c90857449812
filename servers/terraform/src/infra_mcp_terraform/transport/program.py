"""The terraform program: python-terraform builds its command line, the suite's runner runs it."""

import json
import shutil
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_mcp_common.errors import Failed, NotConfigured
from infra_mcp_common.io import programs
from infra_mcp_common.io.programs import Finished, Step
from infra_mcp_common.runtime import current
from infra_mcp_terraform import settings
from infra_mcp_terraform.domain.documents import Event
from infra_mcp_terraform.domain.events import events_of, parse
from infra_mcp_terraform.settings import BIN, child_environment
from infra_mcp_terraform.transport.runs import Slot

# The first SIGINT lets terraform finish what is under way, save the state and release the lock; the second makes it
# give up at once. SIGTERM would kill its providers under it.
STOP = (Step(signal.SIGINT, 45.0), Step(signal.SIGINT, 10.0), Step(signal.SIGKILL, 2.0))
# How long all of that may take, for the deadlines of tools.
STOP_SECONDS = 75.0
_EVERYTHING = 1 << 40

OnEvent = Callable[[Event], Awaitable[None]]
# True makes a flag, False `-x=false`, a list repeats the option, None leaves it out.
Option = str | bool | Path | list[str] | None


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
    def document(self) -> Any:
        """The one JSON object that the command printed."""
        try:
            found = json.loads(self.stdout)
        except ValueError:
            raise Failed("terraform did not answer with JSON.", "Check its version: doctor says it.") from None
        return found if isinstance(found, dict) else {}


def binary() -> str:
    """The program to run."""
    chosen = settings.program()
    found = _which(chosen or "terraform") or (None if chosen else _which("tofu"))
    if found is None:
        raise NotConfigured(
            f"{chosen or 'terraform'} was not found.",
            f"Install terraform or OpenTofu, or set {BIN.name} to the path of one.",
            setting=BIN.name,
        )
    return found


def _which(name: str) -> str | None:
    paths = current().paths
    path = str(paths.working_directory / paths.expand(name)) if "/" in name else name
    return shutil.which(path, path=settings.search_path())


def _argv(words: str, *positional: str, **options: Option) -> list[str]:
    from python_terraform import IsFlagged, Terraform  # type: ignore[import-untyped]

    class Builder(Terraform):  # type: ignore[misc]
        def read_state_file(self, file_path: str | None = None) -> None:
            """Not ours to read: the state may be big, remote, encrypted, and full of secrets."""

    given = {name: IsFlagged if value is True else value for name, value in options.items()}
    builder = Builder(terraform_bin_path=binary())
    return [str(word) for word in builder.generate_cmd_string(words, *positional, **given)]


async def look(directory: Path | None, words: str, *positional: str, timeout: float = 120, **options: Option) -> Ended:
    """Run a command that only looks."""
    finished = await programs.run(
        _argv(words, *positional, **options),
        timeout=timeout,
        cwd=directory,
        env=child_environment(),
        head=_EVERYTHING,
    )
    return _ended(finished)


async def work(
    slot: Slot, words: str, *positional: str, timeout: float, on_event: OnEvent | None = None, **options: Option
) -> Ended:
    """Run a command that may hold the lock of the state; it outlives us if need be, and is found again by its slot."""

    async def on_line(line: str) -> None:
        if on_event is not None and (event := parse(line)) is not None:
            await on_event(event)

    finished = await programs.run(
        _argv(words, *positional, **options),
        timeout=timeout,
        cwd=slot.project.directory,
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
