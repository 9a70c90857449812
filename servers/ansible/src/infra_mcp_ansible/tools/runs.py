"""Runs: what ran, and its log."""

from typing import Annotated

from pydantic import Field

from infra_mcp_ansible.answers.runs import LogEntry, RunInfo, RunLog, Runs
from infra_mcp_ansible.tools import parameters as p
from infra_mcp_ansible.transport import run_log
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
    record, results = run_log.read(run_id)
    chosen = [result for result in results if result.is_of(host, task) and (result.is_problem or not problems_only)]
    part, where = page(chosen, offset, limit)
    return RunLog(run=RunInfo.of(record), entries=[LogEntry.of(result) for result in part], page=where)


@tool("read")
async def list_runs(offset: p.Offset = 0, limit: p.Limited = 20) -> Runs:
    """List the runs of this server, the newest first, running ones included."""
    part, where = page(list(run_log.newest_first()), offset, limit)
    return Runs(runs=[RunInfo.of(record) for record in part], page=where)
