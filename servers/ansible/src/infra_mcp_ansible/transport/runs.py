"""Runs: followed while they go on, written down when they end."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.project import PlaybookProject, Project
from infra_mcp_ansible.domain.run import Run, RunRecord, RunStatus
from infra_mcp_ansible.transport import run_log, runner
from infra_mcp_ansible.transport.events import Events
from infra_mcp_ansible.transport.private_folder import private_folder
from infra_mcp_ansible.transport.variables_file import write_variables
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.programs import Finished
from infra_mcp_common.tool_calls import call_context


async def run_playbook(project: PlaybookProject, options: Options, *, task_count: int, timeout: float) -> Run:
    """Run a playbook. task_count: the number of its tasks that can be seen beforehand."""
    events = Events(task_count=task_count, paths=True)
    with private_folder() as work:
        return await _run(project, options, work, events, what=str(project.playbook), kind="write", timeout=timeout)


async def run_module(
    project: Project,
    pattern: str,
    module: str,
    arguments: str | Mapping[str, object],
    options: Options,
    *,
    kind: Kind,
    timeout: float,
) -> Run:
    """Run one module on the hosts of a pattern, as a play of its own: so its arguments are in no command line."""
    events = Events(task_count=1, paths=False)
    with private_folder() as work:
        task = {"name": module, module: arguments or {}}
        play = [{"name": module, "hosts": pattern, "gather_facts": False, "tasks": [task]}]
        book = PlaybookProject(project.folder, project.inventory, write_variables(work / "play.yml", play))
        return await _run(book, options, work, events, what=f"{module} on {pattern}", kind=kind, timeout=timeout)


async def _run(
    project: PlaybookProject, options: Options, work: Path, events: Events, *, what: str, kind: Kind, timeout: float
) -> Run:
    extra_vars = write_variables(work / "extra_vars.yml", options.extra_vars) if options.extra_vars else None

    async def tell() -> None:
        if events.started and extra_vars:
            extra_vars.unlink(missing_ok=True)
        if news := events.progress.take_news():
            await call_context.progress(news)

    record = run_log.begin(what, project.inventory, check=options.check)
    began, finished = time.monotonic(), None
    try:
        finished = await runner.play(
            project, options, extra_vars, work, kind=kind, timeout=timeout, listener=events.hear, after_output=tell
        )
    finally:
        run = _ended(record, events, finished, time.monotonic() - began)
        run_log.end(run)
    return run


def _ended(record: RunRecord, events: Events, finished: Finished | None, seconds: float) -> Run:
    """The run as it ended; finished: None where it was cancelled."""
    seconds = round(seconds, 2)
    status = _status(finished, complete=events.stats is not None)
    return Run(
        record=replace(record, status=status, seconds=seconds, interrupted=events.running),
        exit_status=finished.exit_status if finished else None,
        seconds=seconds,
        results=events.results,
        counts=events.counts,
        warnings=events.warnings,
        printed=events.printed,
        unmatched_plays=events.unmatched_plays,
    )


def _status(finished: Finished | None, *, complete: bool) -> RunStatus:
    """complete: whether Ansible got to the end, where it counts what happened."""
    if finished is None:
        return "canceled"
    if finished.timed_out:
        return "timeout"
    if not complete:
        return "error"
    return "successful" if finished.exit_status == 0 else "failed"
