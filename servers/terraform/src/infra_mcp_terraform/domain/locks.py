"""The lock of a state, as an error about it tells of it."""

import re
from dataclasses import dataclass

from infra_mcp_terraform.domain.diagnostics import Diagnostic

_FIELD = re.compile(r"^\s*(ID|Operation|Who|Created):[ \t]*(.+?)\s*$", re.MULTILINE)
_HELD = re.compile(r"already locked: ID=([\w-]+)")


@dataclass(frozen=True)
class StateLock:
    """Who holds the state, since when, for what; an `http` backend tells no more than the id."""

    lock_id: str
    who: str | None = None
    since: str | None = None
    operation: str | None = None


def lock_in(found: Diagnostic) -> StateLock | None:
    """The lock that is in the way; None where the diagnostic is about something else."""
    if "state lock" not in found.summary.lower():
        return None
    # The http backend repeats the lock that was asked for; of the one that is held it tells no more than the id.
    if held := _HELD.search(found.detail or ""):
        return StateLock(held[1])
    told = dict(_FIELD.findall(found.detail or ""))
    return StateLock(told["ID"], told.get("Who"), told.get("Created"), told.get("Operation")) if "ID" in told else None
