"""Runs ansible-playbook, with the events of ansible-runner's callback.

ansible-runner turns what its callback writes into events. The process itself is run by the common layer: runner would
put it on a terminal, where a prompt waits for ever, and stop it in a way that leaves the workers, each a session of
its own, running on. See `playbook_process`, too. Nor does runner make the environment, for it would take the process's.
"""

import codecs
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import anyio.to_thread

from infra_mcp_ansible import settings
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.project import PlaybookProject
from infra_mcp_ansible.transport import command_lines, environment, leftovers
from infra_mcp_ansible.transport.environment import Environment
from infra_mcp_ansible.transport.inspector_process import IN_MEMORY
from infra_mcp_ansible.transport.private_folder import temporary_folders
from infra_mcp_ansible.transport.runner_events import Event
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import programs
from infra_mcp_common.io.programs import Finished, Step
from infra_mcp_common.tool_calls import call_context

_LARGEST_RESULT = 20_000_000
_STOP = (Step(signal.SIGTERM, 0.7, group=False), Step(signal.SIGKILL, 0.2))

Listener = Callable[[Event], None]


class _Filter(Protocol):
    """Takes output, and tells the events in it."""

    def write(self, text: str) -> None: ...
    def close(self) -> None: ...


async def play(
    project: PlaybookProject,
    options: Options,
    extra_vars: Path | None,
    work: Path,
    *,
    kind: Kind,
    timeout: float,
    listener: Listener,
    after_output: Callable[[], Awaitable[None]],
) -> Finished:
    """Run a playbook. Its events go to the listener; `after_output` is awaited after each piece of output."""
    call_context.require(kind, "ansible-playbook")
    (stdout, stderr), callback = await anyio.to_thread.run_sync(_prepare, project, work, listener)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    password = settings.become_password()

    async def on_data(data: bytes) -> None:
        stdout.write(decoder.decode(data))
        await after_output()

    began, finished = time.time(), None
    try:
        finished = await programs.run(
            command_lines.play(project, options, extra_vars, become_password=bool(password)),
            timeout=timeout,
            cwd=project.folder,
            env=callback | temporary_folders(work) | environment.of_project(project),
            stdin=password.encode() or None,
            stop=_STOP,
            on_data=on_data,
            # Outputs hold secrets that are not masked yet: they stay in memory, and are never spooled.
            head=IN_MEMORY,
        )
    finally:
        leftovers.end_shared_connections(work)
        if finished is None or finished.timed_out or finished.signal:
            leftovers.clear(work, began)
    stdout.close()
    stderr.write(finished.stderr.whole().decode("utf-8", "replace"))
    stderr.close()
    return finished


def _prepare(project: PlaybookProject, work: Path, listener: Listener) -> tuple[tuple[_Filter, _Filter], Environment]:
    """Where to write stdout and stderr so that their events come to the listener; what the callback wants to know."""
    from ansible_runner import Runner, RunnerConfig  # type: ignore[import-untyped]
    from ansible_runner.utils import OutputEventFilter, get_callback_dir  # type: ignore[import-untyped]

    def hear(event: Event) -> bool:
        listener(event)
        return False  # runner would write it to a file

    config = RunnerConfig(str(work), host_cwd=str(project.folder), ident="run", fact_cache_type="")
    runner = Runner(config, event_handler=hear)
    stdout, stderr = (OutputEventFilter(None, runner.event_callback, suppress_ansible_output=True) for _ in range(2))
    plugins = ":".join(filter(None, (settings.callback_plugins(), get_callback_dir())))
    return (stdout, stderr), {
        "ANSIBLE_CALLBACK_PLUGINS": plugins,
        "ANSIBLE_STDOUT_CALLBACK": "awx_display",
        "ORIGINAL_STDOUT_CALLBACK": settings.stdout_callback(),
        "ANSIBLE_RETRY_FILES_ENABLED": "False",
        "ANSIBLE_NOCOLOR": "1",
        "AWX_ISOLATED_DATA_DIR": config.artifact_dir,
        "MAX_EVENT_RES": str(_LARGEST_RESULT),
    }
