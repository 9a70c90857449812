"""Runs ansible-playbook.

The process is run by the common layer: ansible-runner would put it on a terminal, where a prompt waits for ever, and
stop it in a way that leaves the workers, each a session of its own, running on. See `playbook_process`, too.
"""

import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio.to_thread

from infra_mcp_ansible import settings
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.project import PlaybookProject
from infra_mcp_ansible.transport import command_lines, environment, leftovers
from infra_mcp_ansible.transport.event_stream import EventStream, Listener
from infra_mcp_ansible.transport.inspector_process import IN_MEMORY
from infra_mcp_ansible.transport.private_folder import temporary_folders
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io import programs
from infra_mcp_common.io.programs import Finished, Step
from infra_mcp_common.tool_calls import call_context

_STOP = (Step(signal.SIGTERM, 0.7, group=False), Step(signal.SIGKILL, 0.2))


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
    stream = await anyio.to_thread.run_sync(EventStream, work, listener)
    password = settings.become_password()

    async def on_data(data: bytes) -> None:
        stream.feed(data)
        await after_output()

    began, finished = time.time(), None
    try:
        finished = await programs.run(
            command_lines.play(project, options, extra_vars, become_password=bool(password)),
            timeout=timeout,
            cwd=project.folder,
            env=stream.environment() | temporary_folders(work) | environment.of_project(project),
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
    stream.close(finished.stderr.whole())
    return finished
