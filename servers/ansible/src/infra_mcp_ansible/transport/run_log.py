"""The log of each run, in private files: what ended how, masked before it was written. The newest hundred are kept."""

import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra_mcp_ansible.answers.outcome import interrupted, status_of, tell_rescued
from infra_mcp_ansible.answers.runs import LogEntry, RunInfo
from infra_mcp_ansible.domain.texts import cut
from infra_mcp_ansible.transport.events import Events
from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.io.programs import Finished
from infra_mcp_common.local_ids import local
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.answers import scrub

_KEPT = 100
_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")


class Running:
    """The runs that have not ended, by id."""

    def __init__(self) -> None:
        self.runs: dict[str, RunInfo] = {}


def begin(what: str, inventory: Path | None, *, check: bool) -> RunInfo:
    """Note that a run has begun."""
    now = datetime.now(UTC)
    info = RunInfo(
        run_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
        what=what,
        inventory=str(inventory) if inventory else None,
        began=now.isoformat(timespec="seconds"),
        status="running",
        check_mode=check,
    )
    _running()[info.run_id] = info
    return info


def end(info: RunInfo, events: Events, finished: Finished | None, seconds: float) -> None:
    """Write the run down; finished: None where it was cancelled."""
    tell_rescued(events)
    info.status = status_of(events, finished)
    info.seconds = round(seconds, 2)
    info.interrupted = interrupted(events) or None
    lines = [info.model_dump(mode="json"), *(_line(asdict(entry)) for entry in events.entries)]
    with os.fdopen(private_file(_folder() / f"{info.run_id}.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(scrub(line)) + "\n" for line in lines)
    _running().pop(info.run_id, None)
    for old in sorted(_folder().glob("*.jsonl"))[:-_KEPT]:
        old.unlink(missing_ok=True)


def read(run_id: str) -> tuple[RunInfo, list[LogEntry]]:
    """A run and its log; of a running one, nothing yet but that it runs."""
    bare = local(run_id, "run")
    if not _ID.fullmatch(bare):
        raise InvalidInput("That is no run_id.", "Use one of list_runs.")
    if bare in _running():
        return _running()[bare], []
    path = _folder() / f"{bare}.jsonl"
    if not path.is_file():
        raise NotFound(
            f"Run {bare} is not kept on {current().machine} (any more; the newest {_KEPT} are).",
            "list_runs shows those there are.",
        )
    first, *rest = path.read_text("utf-8").splitlines()
    return RunInfo.model_validate_json(first), [LogEntry.model_validate_json(line) for line in rest]


def newest_first() -> Iterator[RunInfo]:
    yield from reversed(_running().values())
    for path in sorted(_folder().glob("*.jsonl"), reverse=True):
        with suppress(FileNotFoundError), path.open(encoding="utf-8") as file:
            yield RunInfo.model_validate_json(file.readline())


def _line(entry: dict[str, Any]) -> dict[str, Any]:
    texts = {name: cut(entry[name]) for name in ("msg", "stdout", "stderr", "diff")}
    return {name: value for name, value in (entry | texts).items() if name not in ("data", "items")}


def _running() -> dict[str, RunInfo]:
    return current().keep(Running).runs


def _folder() -> Path:
    return current().paths.state("ansible", "runs")
