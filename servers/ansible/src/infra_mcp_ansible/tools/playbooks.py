"""Playbooks: found, looked at, and run."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.playbook_runs import RunResult
from infra_mcp_ansible.answers.playbooks import Checked, Playbook, Playbooks
from infra_mcp_ansible.answers.tasks import Tasks
from infra_mcp_ansible.domain.options import Options
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_ansible.safety import runs
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport import inspection
from infra_mcp_ansible.transport.playbook_files import find_playbooks
from infra_mcp_ansible.transport.projects import find_playbook
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool

ExtraVars = Annotated[
    Variables | None,
    Field(description="Variables that beat all others. Taken as they are: {{ }} in them is text, not a template"),
]


@tool("read")
async def list_playbooks(offset: p.Offset = 0, limit: p.Limited = 100) -> Playbooks:
    """List the playbooks in the operator's folders, with the plays of each."""
    part, where = page(find_playbooks(), offset, limit)
    return Playbooks(playbooks=[Playbook.of(file) for file in part], page=where)


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
    project = find_playbook(playbook, inventory)
    options = Options(limit=limit, tags=tags or (), skip_tags=skip_tags or (), extra_vars=extra_vars or {})
    return Checked.of(project, await inspection.playbook(project, options))


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
    project = find_playbook(playbook, inventory)
    found = await inspection.playbook(project, Options(tags=tags or (), skip_tags=skip_tags or ()))
    return Tasks.of(project, found, offset, limit)


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
        tags=tags or (),
        skip_tags=skip_tags or (),
        extra_vars=extra_vars or {},
        check=check,
        diff=diff,
        become=become,
        become_user=become_user,
        forks=forks,
        verbosity=verbosity,
    )
    return RunResult.of(await runs.run_playbook(find_playbook(playbook, inventory), options, timeout=timeout))
