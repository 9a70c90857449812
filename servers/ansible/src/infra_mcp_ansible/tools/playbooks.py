"""Playbooks: found, looked at, and run."""

from typing import Annotated, Any

from pydantic import Field

from infra_mcp_ansible.answers.outcome import run_result
from infra_mcp_ansible.answers.runs import Checked, Missing, Play, Playbooks, RunResult, Task, Tasks
from infra_mcp_ansible.safety import runs
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport import inspection
from infra_mcp_ansible.transport import playbook_files as library
from infra_mcp_ansible.transport.projects import place
from infra_mcp_ansible.transport.runner import Options
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool

ExtraVars = Annotated[
    dict[str, Any] | None,
    Field(description="Variables that beat all others. Taken as they are: {{ }} in them is text, not a template"),
]


@tool("read")
async def list_playbooks(offset: p.Offset = 0, limit: p.Limited = 100) -> Playbooks:
    """List the playbooks in the operator's folders, with the plays of each."""
    part, where = page(library.playbooks(), offset, limit)
    return Playbooks(playbooks=part, page=where)


@tool("read", timeout=90)
async def check_playbook(
    playbook: p.Playbook,
    inventory: p.Inventory = None,
    extra_vars: ExtraVars = None,
    tags: p.Tags = None,
    skip_tags: p.SkipTags = None,
    limit: p.Limit = None,
) -> Checked:
    """Check a playbook before it runs: syntax, the hosts that match, tags, prompts and missing variables."""
    where = place(inventory, playbook)
    options = Options(limit=limit, tags=tuple(tags or ()), skip_tags=tuple(skip_tags or ()))
    runs.check_options(options)
    async with runs.with_extra_vars(options, extra_vars or {}) as (given, _):
        answer = await inspection.playbook(where, given)
    plays = answer["plays"]
    tasks = [task for play in plays for task in play["tasks"]]
    return Checked(
        playbook=str(where.playbook),
        ready=any(play["hosts"] for play in plays) and not inspection.unanswered(plays),
        plays=inspection.matched_plays(plays),
        tags=sorted({tag for part in (*plays, *tasks) for tag in part["tags"]}),
        prompts=inspection.prompts(plays),
        missing_variables=[Missing(**missing) for play in plays for missing in play["missing"]],
        dynamic_includes=[task["path"] for task in tasks if task["dynamic"]],
        warnings=answer["warnings"] or None,
    )


@tool("read", timeout=90)
async def list_tasks(
    playbook: p.Playbook,
    inventory: p.Inventory = None,
    tags: p.Tags = None,
    skip_tags: p.SkipTags = None,
    offset: p.Offset = 0,
    limit: p.Limited = 100,
) -> Tasks:
    """List the tasks that a playbook would run with these tags, in order, with file:line and tags."""
    where = place(inventory, playbook)
    options = Options(tags=tuple(tags or ()), skip_tags=tuple(skip_tags or ()))
    runs.check_options(options)
    answer = await inspection.playbook(where, options)
    numbered = [(number, task) for number, play in enumerate(answer["plays"]) for task in play["tasks"]]
    part, listed = page(numbered, offset, limit)
    return Tasks(
        playbook=str(where.playbook),
        plays=[_play(play, [task for of, task in part if of == number]) for number, play in enumerate(answer["plays"])],
        page=listed,
        warnings=answer["warnings"] or None,
    )


@tool("write")
async def run_playbook(
    playbook: p.Playbook,
    inventory: p.Inventory = None,
    extra_vars: ExtraVars = None,
    tags: p.Tags = None,
    skip_tags: p.SkipTags = None,
    limit: p.Limit = None,
    check: p.Check = False,
    diff: p.Diff = False,
    become: p.Become = False,
    become_user: p.BecomeUser = None,
    forks: p.Forks = None,
    verbosity: Annotated[int, Field(ge=0, le=4, description="As many v as in -vvv; seen in the log alone")] = 0,
    timeout: p.Timeout = 3600,
) -> RunResult:
    """Run a playbook and tell per host how it ended: failures with file:line, changes, and who was unreachable.

    Before anything runs, an unusable inventory, a pattern without hosts and an unanswered prompt are refused. With
    check: true nothing is changed, and the answer says check_mode. get_run reads the log by run_id.
    """
    options = Options(
        limit=limit,
        tags=tuple(tags or ()),
        skip_tags=tuple(skip_tags or ()),
        check=check,
        diff=diff,
        become=become,
        become_user=become_user,
        forks=forks,
        verbosity=verbosity,
    )
    run = await runs.of_playbook(place(inventory, playbook), options, extra_vars or {}, timeout=timeout)
    return run_result(run.run_id, run.events, run.finished, check=check)


def _play(play: dict[str, Any], tasks: list[dict[str, Any]]) -> Play:
    listed = [
        Task(**{k: v for k, v in task.items() if k != "dynamic"} | {"tags": task["tags"] or None}) for task in tasks
    ]
    return Play(
        name=play["name"], pattern=play["pattern"], hosts=play["hosts"], tags=play["tags"] or None, tasks=listed
    )
