"""The log of each run, in private files: what ended how, masked before it was written. The newest hundred are kept."""

import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from infra_mcp_ansible.domain.run import InterruptedTask, Run, RunRecord
from infra_mcp_ansible.domain.task_result import TaskResult
from infra_mcp_ansible.domain.texts import cut
from infra_mcp_ansible.domain.variables import Variables
from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.local_ids import local
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.answers import scrub

_KEPT = 100
_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}")


class Running:
    """The runs that have not ended, by id."""

    def __init__(self) -> None:
        self.runs: dict[str, RunRecord] = {}


def begin(what: str, inventory: Path | None, *, check: bool) -> RunRecord:
    """Note that a run has begun."""
    now = datetime.now(UTC)
    record = RunRecord(
        run_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
        what=what,
        inventory=str(inventory) if inventory else None,
        began=now.isoformat(timespec="seconds"),
        check_mode=check,
    )
    _running()[record.run_id] = record
    return record


def end(run: Run) -> None:
    """Write the run down."""
    lines = [asdict(run.record), *map(_line, run.results)]
    with os.fdopen(private_file(_path(run.record.run_id)), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(scrub(line)) + "\n" for line in lines)
    _running().pop(run.record.run_id, None)
    for old in sorted(_folder().glob("*.jsonl"))[:-_KEPT]:
        old.unlink(missing_ok=True)


def read(run_id: str) -> tuple[RunRecord, list[TaskResult]]:
    """A run and its log; of a running one, nothing yet but that it runs."""
    bare = local(run_id, "run")
    if not _ID.fullmatch(bare):
        raise InvalidInput("That is no run_id.", "Use one of list_runs.")
    if bare in _running():
        return _running()[bare], []
    path = _path(bare)
    if not path.is_file():
        raise NotFound(
            f"Run {bare} is not kept on {current().machine} (any more; the newest {_KEPT} are).",
            "list_runs shows those there are.",
        )
    first, *rest = path.read_text("utf-8").splitlines()
    return _record(first), [TaskResult(**json.loads(line)) for line in rest]


def newest_first() -> Iterator[RunRecord]:
    yield from reversed(_running().values())
    for path in sorted(_folder().glob("*.jsonl"), reverse=True):
        with suppress(FileNotFoundError), path.open(encoding="utf-8") as file:
            yield _record(file.readline())


def _line(result: TaskResult) -> Variables:
    short = replace(
        result, msg=cut(result.msg), stdout=cut(result.stdout), stderr=cut(result.stderr), diff=cut(result.diff)
    )
    return {name: value for name, value in asdict(short).items() if name not in ("data", "items")}


def _record(line: str) -> RunRecord:
    fields = json.loads(line)
    tasks = tuple(InterruptedTask(**task) for task in fields.pop("interrupted", None) or ())
    return RunRecord(**fields, interrupted=tasks)


def _running() -> dict[str, RunRecord]:
    return current().keep(Running).runs


def _folder() -> Path:
    return current().paths.state("ansible", "runs")


def _path(run_id: str) -> Path:
    return _folder() / f"{run_id}.jsonl"
