"""Runs that are looked at before they start: what can be seen to be wrong with one is refused."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import anyio

from infra_mcp_ansible.domain.errors import NobodyMatched, PromptUnanswered
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.playbook import Playbook
from infra_mcp_ansible.domain.project import PlaybookProject, Project
from infra_mcp_ansible.domain.run import Run
from infra_mcp_ansible.transport import inspection, runs
from infra_mcp_common.errors import Conflict, TimedOut
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context

AT_ONCE = 4


class Turns:
    """How many runs may go on at once, and which playbooks run on which inventories."""

    def __init__(self) -> None:
        self.places = anyio.CapacityLimiter(AT_ONCE)
        self.busy: set[tuple[Path, Path | None]] = set()

    @asynccontextmanager
    async def alone(self, project: PlaybookProject) -> AsyncIterator[None]:
        """Refuse a playbook that is running on this inventory."""
        key = (project.playbook, project.inventory)
        if key in self.busy:
            raise Conflict(
                "This playbook is running on this inventory already.", "list_runs shows it; wait for its end."
            )
        self.busy.add(key)
        try:
            yield
        finally:
            self.busy.discard(key)


async def run_playbook(project: PlaybookProject, options: Options, *, timeout: float) -> Run:
    """Run a playbook, after a look at everything that can be seen to be wrong with it."""
    turns, began = current().keep(Turns), time.monotonic()
    async with turns.alone(project):
        playbook = await inspection.playbook(project, options)
        check_ready(playbook)
        left = _left(timeout, began)
        async with turns.places:
            return await runs.run_playbook(project, options, task_count=playbook.task_count, timeout=left)


async def run_module(
    project: Project,
    pattern: str,
    module: str,
    arguments: str | Mapping[str, object] = "",
    options: Options | None = None,
    *,
    timeout: float,
    kind: Kind,
) -> Run:
    """Run one module on the hosts of a pattern, after a look at both."""
    options, began = options or Options(), time.monotonic()
    await inspection.hosts(project, pattern, options, module=module)
    left = _left(timeout, began)
    async with current().keep(Turns).places:
        return await runs.run_module(project, pattern, module, arguments, options, kind=kind, timeout=left)


def check_ready(playbook: Playbook) -> None:
    """Refuse a playbook that would do nothing, that would ask what nobody answers, or whose hosts are out of bounds."""
    if not playbook.hosts:
        patterns = ", ".join(play.pattern for play in playbook.plays)
        raise NobodyMatched(f"No host matches ({patterns}).", "list_inventory shows the hosts and groups.")
    if playbook.unanswered:
        raise PromptUnanswered(
            f"The playbook asks for {', '.join(playbook.unanswered)} and nobody would answer.",
            "Give each by its name in extra_vars.",
            prompts=playbook.unanswered,
        )
    for host in playbook.hosts:
        call_context.check_target(host)


def _left(timeout: float, began: float) -> float:
    left = timeout - (time.monotonic() - began)
    if left <= 0:
        raise TimedOut(f"{timeout:g} seconds were too few to read the inventory.", "Nothing has run; give more time.")
    return left
