"""Tasks: how a cluster carries out what takes time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from infra_mcp_common.errors import InvalidInput

_UPID = re.compile(
    r"UPID:(?P<node>[A-Za-z0-9][A-Za-z0-9-]*):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:"
    r"(?P<type>[^:\s/]+):(?P<id>[^:\s/]*):[^:\s/]+:"
)


@dataclass(frozen=True)
class Upid:
    """The id of a task, which also says where it runs and what it does."""

    text: str
    node: str
    type: str
    subject: str

    @classmethod
    def parse(cls, text: str) -> "Upid":
        found = _UPID.fullmatch(text)
        if found is None:
            raise InvalidInput(
                "That is no UPID.",
                "It looks like UPID:node:00001A2B:...:qmstart:100:user@realm: and ends with a colon.",
            )
        return cls(text, found["node"], found["type"], found["id"])

    @property
    def by_ha_manager(self) -> bool:
        """Whether the task only hands an order to the HA manager."""
        return self.type.startswith("ha")


@dataclass(frozen=True)
class Task:
    """A task as a listing shows it. started, ended: seconds of the epoch. exit_status: None while it runs."""

    upid: str
    node: str
    type: str
    subject: str | None
    user: str
    started: float | None
    ended: float | None
    running: bool
    exit_status: str | None

    @property
    def ok(self) -> bool | None:
        """Whether it ended well; None while it runs."""
        return None if self.running else ended_well(self.exit_status)


@dataclass(frozen=True)
class TaskOutcome:
    """How far a change came while it was waited for.

    upid: None where the change has no task. exit_status: None where the task still runs. seconds: how long was waited.
    """

    upid: Upid | None = None
    exit_status: str | None = None
    warnings: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def done(self) -> bool:
        """Whether the change is made; what was handed to the HA manager is not yet."""
        return self.upid is None or (self.exit_status is not None and not self.upid.by_ha_manager)


def ended_well(exit_status: str | None) -> bool:
    return exit_status is not None and (exit_status == "OK" or exit_status.startswith("WARNINGS:"))


def moment(epoch: float | None) -> str | None:
    """A time of the API in ISO 8601, UTC."""
    return None if not epoch else datetime.fromtimestamp(epoch, UTC).isoformat(timespec="seconds")
