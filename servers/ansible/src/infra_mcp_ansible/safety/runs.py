"""Runs: checked before they start, followed while they go on, written down when they end."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio

from infra_mcp_ansible.domain.arguments import check_extra_vars, check_plain, learn_secrets
from infra_mcp_ansible.transport import inspection
from infra_mcp_ansible.transport import run_log as records
from infra_mcp_ansible.transport import runner as cli
from infra_mcp_ansible.transport.events import Events
from infra_mcp_ansible.transport.private_folder import workdir, write_private
from infra_mcp_ansible.transport.projects import Place
from infra_mcp_ansible.transport.runner import Options
from infra_mcp_ansible.transport.yaml_text import literal
from infra_mcp_common.errors import Conflict, TimedOut
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.io.programs import Finished
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls import call_context

AT_ONCE = 4


class Turns:
    """How many runs may go on at once, and which playbooks run on which inventories."""

    def __init__(self) -> None:
        self.places = anyio.CapacityLimiter(AT_ONCE)
        self.busy: set[tuple[Path | None, Path | None]] = set()


@dataclass(frozen=True)
class Run:
    """An ended run."""

    run_id: str
    events: Events
    finished: Finished


async def of_playbook(place: Place, options: Options, extra_vars: Mapping[str, Any], *, timeout: float) -> Run:
    """Run a playbook, after a look at everything that can be seen to be wrong with it."""
    check_options(options)
    async with _alone(place), with_extra_vars(options, extra_vars) as (given, work):
        began = time.monotonic()
        plays = (await inspection.playbook(place, given))["plays"]
        inspection.check_ready(plays)
        events = Events(total=sum(len(play["tasks"]) + play["gathers"] for play in plays if play["hosts"]))
        left = _left(timeout, began)
        return await _run(place, place.playbook or Path(), given, work, events, left, str(place.playbook), "write")


async def of_module(
    place: Place,
    pattern: str,
    module: str,
    arguments: str | Mapping[str, Any],
    options: Options,
    *,
    timeout: float,
    kind: Kind,
) -> Run:
    """Run one module on the hosts of a pattern, as a play of its own: so its arguments are in no command line."""
    check_options(options)
    began = time.monotonic()
    await inspection.hosts(place, pattern, limit=options.limit, module=module)
    learn_secrets(arguments)
    with workdir() as work:
        task = {"name": module, module: arguments or {}}
        play = [{"name": module, "hosts": pattern, "gather_facts": False, "tasks": [task]}]
        book = write_private(work / "play.yml", literal(play))
        events, what = Events(total=1, paths=False), f"{module} on {pattern}"
        return await _run(place, book, options, work, events, _left(timeout, began), what, kind)


def _left(timeout: float, began: float) -> float:
    left = timeout - (time.monotonic() - began)
    if left <= 0:
        raise TimedOut(f"{timeout:g} seconds were too few to read the inventory.", "Nothing has run; give more time.")
    return left


def check_options(options: Options) -> None:
    check_plain("become_user", options.become_user)
    check_plain("limit", options.limit)
    for tag in (*options.tags, *options.skip_tags):
        check_plain("tag", tag)


@asynccontextmanager
async def with_extra_vars(options: Options, extra_vars: Mapping[str, Any]) -> AsyncIterator[tuple[Options, Path]]:
    """The options with these variables in a private file, and the folder it lies in."""
    check_extra_vars(extra_vars)
    learn_secrets(extra_vars)
    with workdir() as work:
        file = write_private(work / "extra_vars.yml", literal(extra_vars)) if extra_vars else None
        yield replace(options, extra_vars=file), work


@asynccontextmanager
async def _alone(place: Place) -> AsyncIterator[None]:
    key, busy = (place.playbook, place.inventory), current().keep(Turns).busy
    if key in busy:
        raise Conflict("This playbook is running on this inventory already.", "list_runs shows it; wait for its end.")
    busy.add(key)
    try:
        yield
    finally:
        busy.discard(key)


async def _run(
    place: Place, book: Path, options: Options, work: Path, events: Events, timeout: float, what: str, kind: Kind
) -> Run:
    async with current().keep(Turns).places:
        info = records.begin(what, place.inventory, check=options.check)
        began, finished = time.monotonic(), None

        async def tell() -> None:
            if events.started and options.extra_vars:
                options.extra_vars.unlink(missing_ok=True)
            if events.news:
                message, events.news = events.news, None
                await call_context.progress(message)

        try:
            finished = await cli.play(
                place, book, options, work, kind=kind, timeout=timeout, listener=events.hear, after_output=tell
            )
        finally:
            records.end(info, events, finished, time.monotonic() - began)
    return Run(info.run_id, events, finished)
