"""Saved plans: kept private and outside the project, each named by the digest of its file, applied once or not at all.

A plan file holds secrets in clear, so the folder is 0700 and expired plans are removed. The masked record beside it
has everything that is shown.
"""

import hashlib
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from infra_mcp_common.errors import InvalidInput, NotConfigured, NotFound
from infra_mcp_common.local_ids import local
from infra_mcp_common.paths import private_file
from infra_mcp_common.runtime import current
from infra_mcp_terraform.answers.models import Change, Diagnostic, PlanKind, Risk
from infra_mcp_terraform.domain.plan_request import PlanRequest
from infra_mcp_terraform.settings import PLAN_MINUTES
from infra_mcp_terraform.transport import projects
from infra_mcp_terraform.transport.errors import PlanRefused

_ID = re.compile(r"[0-9a-f]{16}")


class Record(BaseModel):
    """What is known of a saved plan. created: seconds since the epoch; configuration: digest of it at planning time."""

    plan_id: str
    sha256: str
    directory: Path
    workspace: str
    kind: PlanKind
    created: float
    configuration: str
    var_files: tuple[Path, ...]
    changes: list[Change]
    risks: list[Risk]
    counts: dict[str, int]
    outputs: dict[str, str]
    drifted: int
    warnings: list[Diagnostic]

    @property
    def file(self) -> Path:
        return _folder() / self.plan_id / "plan"

    @property
    def expires(self) -> float:
        return self.created + _minutes() * 60


class Shown:
    """The last plan shown for a directory, and what was asked for: what `apply` without an id means."""

    def __init__(self) -> None:
        self.plans: dict[tuple[Path, PlanKind], tuple[str, PlanRequest]] = {}


def save(made: Path, **known: Any) -> Record:
    """Take over a plan file that terraform has just written."""
    sweep()
    digest = _digest(made)
    record = Record(plan_id=digest[:16], sha256=digest, created=time.time(), **known)
    record.file.parent.mkdir(mode=0o700, exist_ok=True)
    made.chmod(0o600)
    shutil.move(made, record.file)
    with open(private_file(record.file.with_name("record")), "w", encoding="utf-8") as file:  # noqa: PTH123 -- a descriptor
        file.write(record.model_dump_json())
    return record


def show(record: Record, request: PlanRequest) -> None:
    """Note that this plan is being shown to the caller."""
    current().keep(Shown).plans[record.directory, record.kind] = (record.plan_id, request)


def last_shown(directory: Path, kind: PlanKind) -> tuple[str | None, PlanRequest]:
    """The last plan shown for a directory, and what to ask for if it has to be made again.

    Never one over HTTP, where several clients share this process: it may have been shown to another.
    """
    nothing = (None, PlanRequest(mode=kind))
    return nothing if current().remote else current().keep(Shown).plans.get((directory, kind), nothing)


def find(plan_id: str, directory: Path) -> Record:
    """The record of a plan of this directory, which may have expired since."""
    bare = local(plan_id, "plan")
    if not _ID.fullmatch(bare):
        raise InvalidInput("That is no plan_id.", "Use the plan_id of an earlier answer, whole.")
    try:
        record = Record.model_validate_json((_folder() / bare / "record").read_bytes())
    except (OSError, ValidationError):
        raise NotFound(
            f"Plan {bare} is not kept on {current().machine} (any more).", "Plan again.", plan_id=plan_id
        ) from None
    if record.directory != directory:
        raise _refused(record, "foreign", f"was made for {record.directory}", "Use it there, or plan again here.")
    return record


def check(record: Record, kind: PlanKind) -> None:
    """Refuse a plan that must not be applied now."""
    again = "Plan again and show the new plan."
    if record.kind != kind:
        raise _refused(record, "foreign", f"is for {record.kind}, not for {kind}", f"Call {record.kind} with it.")
    if time.time() > record.expires:
        raise _refused(record, "expired", f"is older than {_minutes():g} minutes", again)
    if not record.file.is_file() or _digest(record.file) != record.sha256:
        raise _refused(record, "altered", "is not the file that was shown", again)
    if (now := projects.workspace(record.directory)) != record.workspace:
        advice = f"Select {record.workspace} again, or plan here."
        raise _refused(record, "foreign", f"was made in workspace {record.workspace}, and {now} is selected", advice)
    if projects.fingerprint(record.directory, record.var_files) != record.configuration:
        raise _refused(record, "configuration", "is older than the configuration, which has changed since", again)


def drop(record: Record) -> None:
    """Forget a plan that was applied, or never can be."""
    shutil.rmtree(record.file.parent, ignore_errors=True)
    if last_shown(record.directory, record.kind)[0] == record.plan_id:
        del current().keep(Shown).plans[record.directory, record.kind]


def sweep() -> None:
    """Remove plans that have expired."""
    for folder in _folder().iterdir():
        if folder.stat().st_mtime < time.time() - _minutes() * 60:
            shutil.rmtree(folder, ignore_errors=True)


def when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _refused(record: Record, reason: str, why: str, advice: str) -> PlanRefused:
    return PlanRefused(f"Plan {record.plan_id} {why}.", advice, reason=reason, plan_id=record.plan_id)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder() -> Path:
    return current().paths.state("terraform", "plans")


def _minutes() -> float:
    try:
        return float(current().settings.get(PLAN_MINUTES))
    except ValueError:
        raise NotConfigured(f"{PLAN_MINUTES.name} must be a number.", "Correct or remove it.") from None
