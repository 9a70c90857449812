"""Runs: what ran, and its log."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.runs import RunLog, Runs
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport import run_log as records
from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool


@tool("read")
async def get_run(
    run_id: Annotated[str, Field(description="run_id of an answer, or of list_runs")],
    host: Annotated[str | None, Field(description="Only this host")] = None,
    task: Annotated[str | None, Field(description="Only tasks whose name contains this, whatever its case")] = None,
    problems_only: Annotated[bool, Field(description="Only what failed or was unreachable")] = False,
    offset: p.Offset = 0,
    limit: p.Limited = 50,
) -> RunLog:
    """Read the log of a run: how each task ended on each host, with its output."""
    run, entries = records.read(run_id)
    bad = ("failed", "ignored", "rescued", "unreachable")
    chosen = [
        entry
        for entry in entries
        if (host is None or entry.host == host)
        and (task is None or task.lower() in entry.task.lower())
        and (not problems_only or entry.status in bad)
    ]
    part, where = page(chosen, offset, limit)
    return RunLog(run=run, entries=part, page=where)


@tool("read")
async def list_runs(offset: p.Offset = 0, limit: p.Limited = 20) -> Runs:
    """List the runs of this server, the newest first, running ones included."""
    part, where = page(list(records.newest_first()), offset, limit)
    return Runs(runs=part, page=where)
