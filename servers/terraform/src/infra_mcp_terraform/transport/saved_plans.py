"""Saved plans: kept private and outside the project, each named by the digest of its file, applied once or not at all.

A plan file holds secrets in clear, so the folder is 0700 and expired plans are removed. The masked record beside it
has everything that is shown.
"""

import hashlib
import os
import re
import shutil
import time
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from infra_mcp_common.errors import InvalidInput, NotFound
from infra_mcp_common.local_ids import local
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current
from infra_mcp_terraform import settings
from infra_mcp_terraform.domain.plans import PlanKind, PlannedChanges, PlanRequest, SavedPlan
from infra_mcp_terraform.transport.errors import PlanRefused
from infra_mcp_terraform.transport.projects import Project

_ID = re.compile(r"[0-9a-f]{16}")


class _Shown:
    """The last plan shown for a directory, and what was asked for: what `apply` without an id means."""

    def __init__(self) -> None:
        self.plans: dict[tuple[Path, PlanKind], tuple[str, PlanRequest]] = {}


def save(made: Path, project: Project, request: PlanRequest, configuration: str, planned: PlannedChanges) -> SavedPlan:
    """Take over a plan file that terraform has just written. configuration: its digest when the planning began."""
    sweep()
    digest, now = _digest(made), time.time()
    record = SavedPlan(
        plan_id=digest[:16],
        sha256=digest,
        created=now,
        expires=now + settings.plan_seconds(),
        directory=project.directory,
        workspace=project.workspace,
        kind=request.kind,
        configuration=configuration,
        var_files=request.var_files,
        planned=planned,
    )
    _take(made, record)
    return record


def _take(made: Path, record: SavedPlan) -> None:
    path = file_of(record)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    made.chmod(0o600)
    shutil.move(made, path)
    with os.fdopen(private_file(path.with_name("record")), "wb") as file:
        file.write(TypeAdapter(SavedPlan).dump_json(record))


def show(record: SavedPlan, request: PlanRequest) -> None:
    """Note that this plan is being shown to the caller."""
    current().keep(_Shown).plans[record.directory, record.kind] = (record.plan_id, request)


def last_shown(directory: Path, kind: PlanKind) -> tuple[str | None, PlanRequest]:
    """The last plan shown for a directory, and what to ask for if it has to be made again.

    Never one over HTTP, where several clients share this process: it may have been shown to another.
    """
    nothing = (None, PlanRequest(mode=kind))
    return nothing if current().remote else current().keep(_Shown).plans.get((directory, kind), nothing)


def find(plan_id: str, directory: Path) -> SavedPlan:
    """The record of a plan of this directory, which may have expired since."""
    bare = local(plan_id, "plan")
    if not _ID.fullmatch(bare):
        raise InvalidInput("That is no plan_id.", "Use the plan_id of an earlier answer, whole.")
    try:
        record = TypeAdapter(SavedPlan).validate_json((_folder() / bare / "record").read_bytes())
    except (OSError, ValidationError):
        raise NotFound(
            f"Plan {bare} is not kept on {current().machine} (any more).", "Plan again.", plan_id=plan_id
        ) from None
    if record.directory != directory:
        advice = "Use it there, or plan again here."
        raise PlanRefused.of(record, "foreign", f"was made for {record.directory}", advice)
    return record


def is_unaltered(record: SavedPlan) -> bool:
    """Whether the plan file is the one that was saved."""
    return file_of(record).is_file() and _digest(file_of(record)) == record.sha256


def drop(record: SavedPlan) -> None:
    """Forget a plan that was applied, or never can be."""
    shutil.rmtree(file_of(record).parent, ignore_errors=True)
    if last_shown(record.directory, record.kind)[0] == record.plan_id:
        del current().keep(_Shown).plans[record.directory, record.kind]


def sweep() -> None:
    """Remove plans that have expired."""
    for folder in _folder().iterdir():
        if folder.stat().st_mtime < time.time() - settings.plan_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def file_of(record: SavedPlan) -> Path:
    """Where the plan itself is kept."""
    return _folder() / record.plan_id / "plan"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder() -> Path:
    return current().paths.state("terraform", "plans")
