"""The only place with Ansible's command lines: ansible-playbook by ansible-runner's configuration, and the inspector.

ansible-runner configures the run and turns what its callback writes into events. The process itself is run by the
common layer: runner would put it on a terminal, where a prompt waits for ever, and stop it in a way that leaves the
workers, each a session of its own, running on. See `player`, too.
"""

import codecs
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread

from infra_mcp_ansible import settings
from infra_mcp_ansible.transport import leftovers
from infra_mcp_ansible.transport.private_folder import private_folders
from infra_mcp_ansible.transport.projects import Place
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import programs
from infra_mcp_common.io.programs import Finished, Step
from infra_mcp_common.tool_calls import call_context

# Outputs hold secrets that are not masked yet: they stay in memory, and are never spooled.
_IN_MEMORY = 1 << 30
_LARGEST_RESULT = 20_000_000
_STOP = (Step(signal.SIGTERM, 0.7, group=False), Step(signal.SIGKILL, 0.2))

Listener = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Options:
    """How a play is to run. extra_vars: the file that holds them."""

    limit: str | None = None
    tags: tuple[str, ...] = ()
    skip_tags: tuple[str, ...] = ()
    check: bool = False
    diff: bool = False
    become: bool = False
    become_user: str | None = None
    forks: int | None = None
    verbosity: int = 0
    extra_vars: Path | None = None

    def choosing(self) -> list[str]:
        """What decides on which hosts and which tasks run."""
        chosen = [f"--limit={self.limit}"] if self.limit else []
        chosen += [f"--tags={tag}" for tag in self.tags] + [f"--skip-tags={tag}" for tag in self.skip_tags]
        return chosen + (["--extra-vars", f"@{self.extra_vars}"] if self.extra_vars else [])

    def all(self) -> list[str]:
        switches = {"--check": self.check, "--diff": self.diff, "--become": self.become}
        given = [name for name, on in switches.items() if on]
        given += [f"--become-user={self.become_user}"] if self.become_user else []
        given += [f"--forks={self.forks}"] if self.forks else []
        given += ["-" + "v" * self.verbosity] if self.verbosity else []
        return [*self.choosing(), *given]


async def ask(question: str, place: Place, arguments: Sequence[str], *, timeout: float) -> Finished:
    """Ask the inspector; its answer is JSON on stdout."""
    inventory = ["-i", str(place.inventory)] if place.inventory else []
    argv = [*_ours("infra_mcp_ansible.transport.inspector"), question, *inventory, *arguments]
    return await programs.run(argv, timeout=timeout, cwd=place.project, env=_environment(place), head=_IN_MEMORY)


async def play(
    place: Place,
    book: Path,
    options: Options,
    work: Path,
    *,
    kind: Kind,
    timeout: float,
    listener: Listener,
    after_output: Callable[[], Any],
) -> Finished:
    """Run a playbook. Its events go to the listener; `after_output` is awaited after each piece of output."""
    call_context.require(kind, "ansible-playbook")
    config = await anyio.to_thread.run_sync(_configure, place, book, options, work)
    events, errors = _filters(config, listener)

    decoder = codecs.getincrementaldecoder("utf-8")("replace")

    async def on_data(data: bytes) -> None:
        events.write(decoder.decode(data))
        await after_output()

    began, finished = time.time(), None
    try:
        finished = await programs.run(
            config.command,
            timeout=timeout,
            cwd=place.project,
            env=config.env | _environment(place),
            stdin=settings.become_password().encode() or None,
            stop=_STOP,
            on_data=on_data,
            head=_IN_MEMORY,
        )
    finally:
        leftovers.end_shared_connections(work)
        if finished is None or finished.timed_out or finished.signal:
            leftovers.clear(work, began)
    events.close()
    errors.write(finished.stderr.whole().decode("utf-8", "replace"))
    errors.close()
    return finished


def _ours(module: str) -> list[str]:
    # -P: the playbooks' folder may hold files that are called like a module of Python's.
    return [sys.executable, "-P", "-m", module, str(os.getpid())]


def _configure(place: Place, book: Path, options: Options, work: Path) -> Any:
    from ansible_runner import RunnerConfig  # type: ignore[import-untyped]

    password = ["--become-password-file=-"] if settings.become_password() else []
    config = RunnerConfig(
        str(work),
        playbook=str(book),
        inventory=[str(place.inventory)] if place.inventory else None,
        cmdline=shlex.join([*options.all(), *password]) or None,
        envvars={name: value for name, value in _environment(place).items() if value is not None},
        project_dir=str(place.project),
        fact_cache_type="",
        quiet=True,
        ident="run",
    )
    config.prepare()
    config.env |= private_folders(work) | {"MAX_EVENT_RES": str(_LARGEST_RESULT), "ANSIBLE_NOCOLOR": "1"}
    config.command[:1] = [
        *_ours("infra_mcp_ansible.transport.ansible_playbook"),
        str(Path(sys.executable).with_name("ansible-playbook")),
    ]
    return config


def _filters(config: Any, listener: Listener) -> tuple[Any, Any]:
    """Where to write stdout and stderr, so that their events come to the listener."""
    from ansible_runner import Runner
    from ansible_runner.utils import OutputEventFilter  # type: ignore[import-untyped]

    def hear(event: dict[str, Any]) -> bool:
        listener(event)
        return False  # runner would write it to a file

    runner = Runner(config, event_handler=hear)
    stdout, stderr = (OutputEventFilter(None, runner.event_callback, suppress_ansible_output=True) for _ in range(2))
    return stdout, stderr


def _environment(place: Place) -> dict[str, str | None]:
    strict = str(place.strict)
    return {
        **settings.environment(),
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": strict,
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": strict,
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
    }
