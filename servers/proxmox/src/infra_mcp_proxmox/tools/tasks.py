"""Tasks of the cluster."""

from typing import Annotated

from pydantic import Field

from infra_mcp_common.results import page
from infra_mcp_common.tool_calls.declaration import tool
from infra_mcp_proxmox.answers.changes import Change
from infra_mcp_proxmox.answers.tasks import Task, TaskList, TaskLog
from infra_mcp_proxmox.domain.guest import parse_vmid
from infra_mcp_proxmox.domain.task import Upid
from infra_mcp_proxmox.tools.parameters import GuestName, Limit, Offset, Wait
from infra_mcp_proxmox.transport import targets
from infra_mcp_proxmox.transport.connection import Proxmox

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
    vmid = None if guest is None else parse_vmid(guest) or (await api.guests.find(guest)).vmid
    if node is None:
        tasks = await api.tasks.recent()
    else:
        targets.node(await api.cluster.resources(), node)
        tasks = await api.tasks.of_node(node, vmid)
    if vmid is not None:
        tasks = [task for task in tasks if task.subject == str(vmid)]
    fitting = [task for task in tasks if (not running or task.running) and (not failed or task.ok is False)]
    part, where = page(fitting, offset, limit)
    return TaskList.of(part, where)


@tool("read")
async def get_task_status(api: Proxmox, upid: UpidText) -> Task:
    """Tell whether a task runs, or how it ended."""
    return Task.of(await api.tasks.status(Upid.parse(upid)))


@tool("read")
async def get_task_log(
    api: Proxmox,
    upid: UpidText,
    offset: Annotated[int, Field(ge=0, description="Line to begin at")] = 0,
    limit: Annotated[int, Field(ge=1, le=2000, description="How many lines at most")] = 200,
) -> TaskLog:
    """Read a task's log."""
    lines, total = await api.tasks.log(Upid.parse(upid), offset, limit)
    return TaskLog.of(lines, total, offset)


@tool("read")
async def wait_task(api: Proxmox, upid: UpidText, timeout: Wait = 300) -> Change:
    """Wait until a task ends and tell how; fails as the task failed."""
    return Change.of(await api.tasks.wait(Upid.parse(upid), timeout))
