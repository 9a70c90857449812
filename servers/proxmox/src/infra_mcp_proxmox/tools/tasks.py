"""Tasks of the cluster."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.guests import Change, Task, TaskList, TaskLog
from infra_mcp_proxmox.domain import resources as inventory
from infra_mcp_proxmox.domain.guest import Upid
from infra_mcp_proxmox.tools.parameters import GuestName, Limit, Offset, Wait
from infra_mcp_proxmox.transport.api import Row
from infra_mcp_proxmox.transport.connection import Proxmox
from infra_mcp_proxmox.transport.tasks import ended_well, follow, moment

UpidText = Annotated[str, Field(description="The task's id, beginning with UPID:")]


@tool("read")
async def list_tasks(
    api: Proxmox,
    node: Annotated[str | None, Field(description="Only this node's, going far back; else recent ones of all")] = None,
    guest: Annotated[GuestName | None, Field(description="Only of this guest, by id or name")] = None,
    failed: Annotated[bool, Field(description="Only tasks that did not end well")] = False,
    running: Annotated[bool, Field(description="Only tasks that still run")] = False,
    offset: Offset = 0,
    limit: Limit = 50,
) -> TaskList:
    """List tasks, the newest first. Without Sys.Audit only the token's own are seen."""
    vmid = None
    if guest is not None:
        vmid = str(inventory.as_id(guest) or (await inventory.find(api, guest)).vmid)
    if node is None:
        rows = await api.recent_tasks()
    else:
        (await inventory.take(api)).node(node)
        rows = await api.node_tasks(node, {"source": "all", "limit": 1000, "vmid": vmid})
    tasks = [_listed(row) for row in sorted(rows, key=lambda row: -row.get("starttime", 0))]
    fitting = [
        task
        for task in tasks
        if (vmid in (None, task.id)) and (not running or task.running) and (not failed or task.ok is False)
    ]
    part, where = page(fitting, offset, limit)
    return TaskList(**where.model_dump(), tasks=part)


@tool("read")
async def get_task_status(api: Proxmox, upid: UpidText) -> Task:
    """Tell whether a task runs, or how it ended."""
    row = await api.task_status(Upid.parse(upid))
    running = row.get("status") == "running"
    return _task(row, running=running, exit_status=None if running else row.get("exitstatus"))


@tool("read")
async def get_task_log(
    api: Proxmox,
    upid: UpidText,
    offset: Annotated[int, Field(ge=0, description="Line to begin at")] = 0,
    limit: Annotated[int, Field(ge=1, le=2000, description="How many lines at most")] = 200,
) -> TaskLog:
    """Read a task's log."""
    lines, total = await api.task_log(Upid.parse(upid), offset, limit)
    following = offset + len(lines)
    return TaskLog(lines=lines, total=total, offset=offset, next_offset=following if following < total else None)


@tool("read")
async def wait_task(api: Proxmox, upid: UpidText, timeout: Wait = 300) -> Change:
    """Wait until a task ends and tell how; fails as the task failed."""
    return await follow(api, upid, timeout)


def _listed(row: Row) -> Task:
    return _task(row, running="endtime" not in row, exit_status=row.get("status") if "endtime" in row else None)


def _task(row: Row, *, running: bool, exit_status: str | None) -> Task:
    return Task(
        upid=row["upid"],
        node=row["node"],
        type=row["type"],
        id=row.get("id") or None,
        user=str(row.get("user")) + (f"!{row['tokenid']}" if row.get("tokenid") else ""),
        started=moment(row.get("starttime")) or "",
        ended=moment(row.get("endtime")),
        running=running,
        exit_status=exit_status,
        ok=None if running else ended_well(exit_status),
    )
