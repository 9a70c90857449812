"""Tasks: seen by the token that started them, and by those with Sys.Audit on the node."""

from typing import Any

from sandbox.proxmox.errors import ApiError, forbidden
from sandbox.proxmox.routes import Call, route
from sandbox.proxmox.tasks import Task


def visible(call: Call, task: Task) -> bool:
    return task.user == call.token.id or "Sys.Audit" in call.rights.have(f"/nodes/{task.node}")


def find(call: Call) -> Task:
    task = call.cluster.tasks.find(call.params["upid"])
    if not visible(call, task):
        raise forbidden(f"/nodes/{task.node}", "Sys.Audit")
    return task


def row(task: Task) -> dict[str, Any]:
    ended = {"endtime": int(task.end), "status": task.exitstatus} if task.end is not None else {}
    return task.summary() | ended


@route("GET /cluster/tasks")
def cluster_tasks(call: Call) -> Any:
    call.cluster.tasks.settle()
    found = [task for task in call.cluster.tasks.all.values() if visible(call, task)]
    return [row(task) for task in reversed(found)]


@route("GET /nodes/{node}/tasks")
def node_tasks(call: Call) -> Any:
    call.cluster.tasks.settle()
    asked = call.params
    found = [
        row(task)
        for task in reversed(call.cluster.tasks.all.values())
        if visible(call, task) and task.node == call.node and matches(task, asked)
    ]
    start, limit = asked.get("start", 0), asked.get("limit", 50)
    return found[start : start + limit]


def matches(task: Task, asked: dict[str, Any]) -> bool:
    running, source = task.end is None, asked.get("source", "archive")
    if (source == "active" and not running) or (source == "archive" and running):
        return False
    if asked.get("errors") and (running or task.exitstatus == "OK"):
        return False
    if "vmid" in asked and task.id != str(asked["vmid"]):
        return False
    return bool(task.type == asked.get("typefilter", task.type) and task.start >= asked.get("since", 0))


@route("GET /nodes/{node}/tasks/{upid}/status")
def task_status(call: Call) -> Any:
    task = find(call)
    if task.end is None:
        return task.summary() | {"status": "running"}
    return task.summary() | {"status": "stopped", "exitstatus": task.exitstatus}


@route("GET /nodes/{node}/tasks/{upid}/log")
def task_log(call: Call) -> Any:
    """Lines with their numbers; the real one counts them all in `total`."""
    task = find(call)
    start, limit = call.params.get("start", 0), call.params.get("limit", 50)
    lines = task.log[start:] if limit == 0 else task.log[start : start + limit]
    rows = [{"n": start + number, "t": line} for number, line in enumerate(lines, 1)]
    return Total(rows or [{"n": 1, "t": "no content"}], len(task.log))


@route("DELETE /nodes/{node}/tasks/{upid}")
def abort(call: Call) -> Any:
    task = call.cluster.tasks.find(call.params["upid"])
    if task.user != call.token.id:
        call.rights.need(f"/nodes/{task.node}", "Sys.Modify")
    if task.end is not None:
        raise ApiError(500, "task already stopped")
    call.cluster.tasks.abort(task)


class Total(list[dict[str, Any]]):
    """A listing whose body also says how many there are."""

    def __init__(self, rows: list[dict[str, Any]], total: int) -> None:
        super().__init__(rows)
        self.total = total
