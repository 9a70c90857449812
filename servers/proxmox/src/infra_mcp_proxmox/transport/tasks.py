"""Waiting for tasks: a change is done when its task ended well, not when it was queued."""

import time
from datetime import UTC, datetime
from typing import Any

import anyio

from infra_mcp_common.errors import InfraError, Unreachable
from infra_mcp_common.tool_calls import call_context
from infra_mcp_proxmox.answers.guests import Change, Guest
from infra_mcp_proxmox.domain.guest import Upid
from infra_mcp_proxmox.transport.api import Api, Row
from infra_mcp_proxmox.transport.errors import from_text

_FIRST, _GROWTH, _LONGEST = 0.1, 1.5, 2.0
_SILENCES = 3
_LOG_LINES = 15


def ended_well(exit_status: str | None) -> bool:
    return exit_status is not None and (exit_status == "OK" or exit_status.startswith("WARNINGS:"))


def moment(epoch: float | None) -> str | None:
    return None if not epoch else datetime.fromtimestamp(epoch, UTC).isoformat(timespec="seconds")


async def follow(api: Api, upid_text: str | None, timeout: float, guest: Guest | None = None) -> Change:
    """Wait until a task ends, at most `timeout` seconds.

    Raises the error that the task's exit status means, with the last lines of its log.
    """
    known: dict[str, Any] = {"vmid": guest.vmid, "name": guest.name, "node": guest.node} if guest else {}
    if upid_text is None:
        return Change(done=True, **known)
    upid, began = Upid.parse(upid_text), time.monotonic()
    known.setdefault("node", upid.node)
    status = await _until_stopped(api, upid, timeout)
    waited = round(time.monotonic() - began, 1)
    if status is None:
        return Change(
            done=False,
            upid=upid.text,
            seconds=waited,
            next_step=f"The task {upid.type} is still running. Go on with wait_task and this upid.",
            **known,
        )
    exit_status = str(status.get("exitstatus"))
    if not ended_well(exit_status):
        raise await _failure(api, upid, exit_status)
    if upid.type.startswith("ha"):
        return Change(
            done=False,
            exit_status=exit_status,
            upid=upid.text,
            seconds=waited,
            next_step="The HA manager has taken the order and carries it out by itself: look at the guest in a while.",
            **known,
        )
    warnings = None if exit_status == "OK" else await _warnings(api, upid)
    return Change(done=True, exit_status=exit_status, warnings=warnings, upid=upid.text, seconds=waited, **known)


async def _until_stopped(api: Api, upid: Upid, timeout: float) -> Row | None:
    """The task's final status, or None at the deadline."""
    began, pause = time.monotonic(), _FIRST
    doubtful = False
    while True:
        status = await _status(api, upid)
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


async def _status(api: Api, upid: Upid) -> Row:
    """The task's status, through short silences of its node."""
    for attempt in range(_SILENCES):
        try:
            return await api.task_status(upid)
        except Unreachable as error:
            if attempt == _SILENCES - 1:
                raise type(error)(
                    f"The task {upid.type} was started, then node {upid.node} stopped answering: how it ended is not "
                    "known.",
                    "When the node is back, ask wait_task with the upid, and look at the guest.",
                    said=error.said,
                    upid=upid.text,
                    cause=error.facts.get("cause"),
                ) from None
            await anyio.sleep(_FIRST * (attempt + 1))
    raise AssertionError


async def _failure(api: Api, upid: Upid, exit_status: str) -> InfraError:
    error = from_text(exit_status, api.client.identity.token_id)
    log = "\n".join(await tail(api, upid))
    return type(error)(
        f"The task {upid.type} on {upid.node} failed: {exit_status}.",
        error.next_step,
        said=log,
        **error.facts | {"upid": upid.text, "exit_status": exit_status},
    )


async def _warnings(api: Api, upid: Upid) -> list[str]:
    lines = await tail(api, upid)
    return [line for line in lines if "WARN" in line.upper()] or lines


async def tail(api: Api, upid: Upid) -> list[str]:
    """The last lines of a task's log; nothing where it can't be read."""
    try:
        lines, total = await api.task_log(upid, 0, _LOG_LINES)
        if total > len(lines):
            lines, _ = await api.task_log(upid, total - _LOG_LINES, _LOG_LINES)
    except InfraError:
        return []
    return lines[-_LOG_LINES:]
