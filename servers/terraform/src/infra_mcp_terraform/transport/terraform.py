"""The commands of terraform by what they do. The only place with their arguments."""

from functools import partial
from pathlib import Path
from typing import Literal

from infra_mcp_common.tool_calls.call_context import require
from infra_mcp_terraform.domain.plans import PlanRequest
from infra_mcp_terraform.transport.program import Ended, OnEvent, look, work
from infra_mcp_terraform.transport.runs import Slot

Backend = Literal["migrate", "reconfigure"]
_LOCK_TIMEOUT = "5s"

_machine = partial(work, input=False, no_color=True, json=True)


async def init(
    slot: Slot, *, backend: Backend | None, upgrade: bool, backend_files: list[Path], timeout: float
) -> Ended:
    """backend: None keeps the one in use, `migrate` copies the state to the new one, `reconfigure` leaves it behind."""
    require("destructive" if backend else "write", "terraform init")
    return await _machine(
        slot,
        "init",
        timeout=timeout,
        upgrade=upgrade or None,
        reconfigure=True if backend == "reconfigure" else None,
        migrate_state=True if backend == "migrate" else None,
        json=None if backend == "migrate" else True,  # terraform takes only one of the two
        force_copy=True if backend == "migrate" else None,
        backend_config=[str(path) for path in backend_files],
        lock_timeout=_LOCK_TIMEOUT,
    )


async def plan(slot: Slot, request: PlanRequest, out: Path, *, timeout: float, on_event: OnEvent) -> Ended:
    """Save a plan to `out`. Exit status 0: nothing to do, 2: changes."""
    files = [*request.var_files, *([slot.write_variables(request.variables)] if request.variables else [])]
    return await _machine(
        slot,
        "plan",
        timeout=timeout,
        on_event=on_event,
        destroy=(request.mode == "destroy") or None,
        refresh_only=(request.mode == "refresh") or None,
        refresh=None if request.refresh else False,
        target=list(request.targets),
        replace=list(request.replace),
        var_file=[str(path) for path in files],
        out=out,
        detailed_exitcode=True,
        lock_timeout=_LOCK_TIMEOUT,
    )


async def apply(slot: Slot, saved: Path, *, timeout: float, on_event: OnEvent) -> Ended:
    """Apply a saved plan, and nothing else."""
    require("destructive", "terraform apply")
    return await _machine(slot, "apply", str(saved), timeout=timeout, on_event=on_event, lock_timeout=_LOCK_TIMEOUT)


async def show(directory: Path, saved: Path | None = None) -> Ended:
    """The state, or a saved plan, as JSON: with sensitive values in clear."""
    return await look(directory, "show", *([str(saved)] if saved else []), json=True, no_color=True, timeout=300)


async def list_state(directory: Path) -> Ended:
    return await look(directory, "state list")


async def force_unlock(slot: Slot, lock_id: str) -> Ended:
    require("destructive", "terraform force-unlock")
    return await work(slot, "force-unlock", lock_id, force=True, no_color=True, timeout=60)


async def validate(directory: Path) -> Ended:
    return await look(directory, "validate", json=True, no_color=True)


async def fmt(directory: Path, *, write: bool, recursive: bool) -> Ended:
    """Files that are not in the canonical format, one a line; exit status 3 where it only checked and found some."""
    if write:
        require("write", "terraform fmt")
    return await look(
        directory, "fmt", list="true", write=write or False, check=None if write else True, recursive=recursive or None
    )


async def list_workspaces(directory: Path) -> Ended:
    return await look(directory, "workspace list", no_color=True)


async def select_workspace(slot: Slot, name: str, *, create: bool) -> Ended:
    require("write", "terraform workspace select")
    return await work(slot, "workspace select", name, or_create=create, no_color=True, timeout=60)


async def providers(directory: Path) -> Ended:
    return await look(directory, "providers")


async def version(directory: Path | None = None) -> Ended:
    return await look(directory, "version", json=True, timeout=20)
