"""The calls about tasks, and waiting for them: a change is done when its task ended well, not when it was queued."""

import time
from typing import TypedDict

import anyio

from infra_mcp_common.errors import InfraError, Unreachable
from infra_mcp_common.tool_calls import call_context
from infra_mcp_proxmox.domain.task import Task, TaskOutcome, Upid, ended_well
from infra_mcp_proxmox.transport.client import Client
from infra_mcp_proxmox.transport.errors import from_text
from infra_mcp_proxmox.transport.paths import path

_FIRST, _GROWTH, _LONGEST = 0.1, 1.5, 2.0
_SILENCES = 3
_LOG_LINES = 15


class _TaskRow(TypedDict, total=False):
    """A task in a list, where its end is in `status`, or by itself, where that is running or stopped."""

    upid: str
    node: str
    type: str
    id: str
    user: str
    tokenid: str
    starttime: float
    endtime: float
    status: str
    exitstatus: str


class Tasks:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def recent(self) -> list[Task]:
        """The latest of all nodes, the newest first."""
        return _newest_first(await self._client.rows("/cluster/tasks"))

    async def of_node(self, node: str, vmid: int | None) -> list[Task]:
        """Those of one node, going far back, the newest first. vmid: only of this guest."""
        asked = {"source": "all", "limit": 1000, "vmid": vmid}
        return _newest_first(await self._client.rows(path("nodes", node, "tasks"), asked))

    async def status(self, upid: Upid) -> Task:
        row = await self._status(upid)
        running = row.get("status") == "running"
        return _task(row, running=running, exit_status=None if running else row.get("exitstatus"))

    async def log(self, upid: Upid, start: int, limit: int) -> tuple[list[str], int]:
        """Lines of a task's log, and how many there are."""
        body = await self._client.body("GET", _path(upid, "log"), {"start": start, "limit": limit})
        lines = [str(row.get("t", "")) for row in body.get("data") or []]
        return lines, int(body.get("total") or len(lines))

    async def wait(self, upid: Upid | None, timeout: float) -> TaskOutcome:
        """Wait until a task ends, at most `timeout` seconds.

        Raises the error that the task's exit status means, with the last lines of its log.
        """
        if upid is None:
            return TaskOutcome()
        began = time.monotonic()
        status = await self._until_stopped(upid, timeout)
        waited = round(time.monotonic() - began, 1)
        if status is None:
            return TaskOutcome(upid, seconds=waited)
        exit_status = str(status.get("exitstatus"))
        if not ended_well(exit_status):
            raise await self._failure(upid, exit_status)
        warned = exit_status != "OK" and not upid.by_ha_manager
        return TaskOutcome(upid, exit_status, tuple(await self._warnings(upid)) if warned else (), waited)

    async def _until_stopped(self, upid: Upid, timeout: float) -> _TaskRow | None:
        """The task's final status, or None at the deadline."""
        began, pause = time.monotonic(), _FIRST
        doubtful = False
        while True:
            status = await self._answered(upid)
            # The log of a task that was just written or cut off reads as this for a moment.
            unclear = status.get("exitstatus") == "unexpected status" and not doubtful
            if status.get("status") == "stopped" and not unclear:
                return status
            doubtful = doubtful or unclear
            left = timeout - (time.monotonic() - began)
            if left <= 0:
                return None
            await call_context.progress(f"{upid.type} on {upid.node}: running for {time.monotonic() - began:.0f} s")
            await anyio.sleep(min(pause, left))
            pause = min(pause * _GROWTH, _LONGEST)

    async def _answered(self, upid: Upid) -> _TaskRow:
        """The task's status, through short silences of its node."""
        for attempt in range(_SILENCES):
            try:
                return await self._status(upid)
            except Unreachable as error:
                if attempt == _SILENCES - 1:
                    raise type(error)(
                        f"The task {upid.type} was started, then node {upid.node} stopped answering: how it ended is "
                        "not known.",
                        "When the node is back, ask wait_task with the upid, and look at the guest.",
                        said=error.said,
                        upid=upid.text,
                        cause=error.facts.get("cause"),
                    ) from None
                await anyio.sleep(_FIRST * (attempt + 1))
        raise AssertionError

    async def _failure(self, upid: Upid, exit_status: str) -> InfraError:
        error = from_text(exit_status, self._client.identity.token_id)
        log = "\n".join(await self._tail(upid))
        return type(error)(
            f"The task {upid.type} on {upid.node} failed: {exit_status}.",
            error.next_step,
            said=log,
            **error.facts | {"upid": upid.text, "exit_status": exit_status},
        )

    async def _warnings(self, upid: Upid) -> list[str]:
        lines = await self._tail(upid)
        return [line for line in lines if "WARN" in line.upper()] or lines

    async def _tail(self, upid: Upid) -> list[str]:
        """The last lines of a task's log; nothing where it can't be read."""
        try:
            lines, total = await self.log(upid, 0, _LOG_LINES)
            if total > len(lines):
                lines, _ = await self.log(upid, total - _LOG_LINES, _LOG_LINES)
        except InfraError:
            return []
        return lines[-_LOG_LINES:]

    async def _status(self, upid: Upid) -> _TaskRow:
        found: _TaskRow = await self._client.row(_path(upid, "status"))
        return found


def _path(upid: Upid, what: str) -> str:
    return path("nodes", upid.node, "tasks", upid.text, what)


def _newest_first(rows: list[_TaskRow]) -> list[Task]:
    return [_listed(row) for row in sorted(rows, key=lambda row: -row.get("starttime", 0))]


def _listed(row: _TaskRow) -> Task:
    return _task(row, running="endtime" not in row, exit_status=row.get("status") if "endtime" in row else None)


def _task(row: _TaskRow, *, running: bool, exit_status: str | None) -> Task:
    return Task(
        upid=row["upid"],
        node=row["node"],
        type=row["type"],
        subject=row.get("id") or None,
        user=str(row.get("user")) + (f"!{row['tokenid']}" if row.get("tokenid") else ""),
        started=row.get("starttime"),
        ended=row.get("endtime"),
        running=running,
        exit_status=exit_status,
    )
