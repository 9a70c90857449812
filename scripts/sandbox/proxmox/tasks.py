"""Worker tasks: each has a UPID, takes time, writes a log and ends in a status that the caller must look up."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.proxmox.clock import Clock
from sandbox.proxmox.errors import ApiError, failed

UPID = re.compile(
    r"UPID:(?P<node>[A-Za-z0-9-]+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:(?P<type>[^:\s/]+):(?P<id>[^:\s/]*):[^:\s/]+:"
)


@dataclass
class Plan:
    """How the next task of a type goes: its exit status, how long it takes (`math.inf`: never ends), what it logs."""

    outcome: str = "OK"
    seconds: float = 0.0
    log: list[str] = field(default_factory=list)


@dataclass
class Task:
    upid: str
    pid: int
    node: str
    type: str
    id: str
    user: str
    start: float
    plan: Plan
    effect: Callable[[], None]
    undo: Callable[[], None]
    end: float | None = None
    exitstatus: str | None = None
    log: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The fields that task listings and the status call share."""
        shown: dict[str, Any] = {
            "upid": self.upid,
            "node": self.node,
            "pid": self.pid,
            "pstart": self.pid * 7,
            "starttime": int(self.start),
            "type": self.type,
            "id": self.id,
            "user": self.user.partition("!")[0],
        }
        if "!" in self.user:
            shown["tokenid"] = self.user.partition("!")[2]
        return shown


def nothing() -> None:
    return


class Tasks:
    """All tasks of the cluster.

    Args:
        clock: Where the time comes from.
        seconds: How long a task takes unless planned otherwise.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock = clock
        self.seconds = seconds
        self.outcome = "OK"
        self.all: dict[str, Task] = {}
        self.plans: dict[str, list[Plan]] = {}

    def plan(self, kind: str, outcome: str = "OK", seconds: float | None = None, log: list[str] | None = None) -> None:
        """Say how the next task of a type ("qmstart") will go. Plans of one type are used up in order."""
        taken = self.seconds if seconds is None else seconds
        self.plans.setdefault(kind, []).append(Plan(outcome, taken, log or []))

    def plan_endless(self, kind: str) -> None:
        self.plan(kind, seconds=math.inf)

    def begin(
        self,
        node: str,
        kind: str,
        ident: str,
        user: str,
        *,
        effect: Callable[[], None],
        undo: Callable[[], None] = nothing,
    ) -> str:
        """Start a task and return its UPID; `effect` happens when it ends well, `undo` whatever its end."""
        waiting = self.plans.get(kind)
        plan = waiting.pop(0) if waiting else Plan(self.outcome, self.seconds)
        pid, start = 4000 + len(self.all), self.clock.now()
        upid = f"UPID:{node}:{pid:08X}:{pid * 7:08X}:{int(start):08X}:{kind}:{ident}:{user}:"
        self.all[upid] = Task(upid, pid, node, kind, ident, user, start, plan, effect, undo, log=list(plan.log))
        self.settle()
        return upid

    def settle(self) -> None:
        """Let every task end whose time has come."""
        for task in list(self.all.values()):
            if task.end is None and self.clock.now() >= task.start + task.plan.seconds:
                self.finish(task)

    def finish(self, task: Task) -> None:
        task.end = min(self.clock.now(), task.start + task.plan.seconds)
        task.exitstatus = task.plan.outcome
        if task.exitstatus == "OK" or task.exitstatus.startswith("WARNINGS"):
            try:
                task.effect()
            except ApiError as error:
                task.exitstatus = error.reason
        task.undo()
        ended = task.exitstatus if task.exitstatus.startswith("WARNINGS") else f"ERROR: {task.exitstatus}"
        task.log.append("TASK OK" if task.exitstatus == "OK" else f"TASK {ended}")

    def find(self, upid: str) -> Task:
        self.settle()
        task = self.all.get(upid)
        if task is None:
            raise failed(f"unable to parse worker upid '{upid}'" if not UPID.fullmatch(upid) else "no such task")
        return task

    def abort(self, task: Task) -> None:
        if task.end is None:
            task.end, task.exitstatus = self.clock.now(), "interrupted by signal"
            task.log.append("TASK ERROR: interrupted by signal")
            task.undo()
