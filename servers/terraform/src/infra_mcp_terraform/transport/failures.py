"""Why terraform said no, as errors that say what to do next."""

import re
from dataclasses import asdict

from infra_mcp_common.errors import InfraError, NotFound, TimedOut
from infra_mcp_terraform.domain.diagnostics import Diagnostic
from infra_mcp_terraform.domain.events import diagnostics_in
from infra_mcp_terraform.domain.locks import StateLock, lock_in
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.transport.backend_failures import backend_failure
from infra_mcp_terraform.transport.errors import (
    BackendChanged,
    NotInitialised,
    PlanRefused,
    StateLocked,
    TerraformFailed,
)
from infra_mcp_terraform.transport.program import Ended

_UNINITIALISED = re.compile(
    r"backend initialization required|inconsistent dependency lock file|module not installed|"
    r"required plugins are not installed|missing required provider|initialization required|"
    r"module source has changed|registry .* not installed|could not load plugin",
    re.IGNORECASE,
)
_MOST = 10


def check(what: str, ended: Ended, secrets: Secrets, *good: int) -> None:
    """Raise why the command failed, unless it ended with 0 or another good status."""
    if ended.exit_status not in (0, *good):
        raise explain(what, ended, secrets)


def explain(what: str, ended: Ended, secrets: Secrets) -> InfraError:
    """The error for a command that failed."""
    if ended.timed_out:
        return TimedOut(
            f"terraform {what} was interrupted after {ended.seconds:.0f} seconds; the infrastructure is as it was.",
            "Pass a longer timeout.",
        )
    errors = [item for item in diagnostics_in(ended.events, secrets) if item.severity == "error"]
    if not errors:
        return _plain(what, ended, secrets)
    lock = lock_in(errors[0])
    return (_locked(lock) if lock else _known(errors[0])) or _failed(what, errors)


def _locked(lock: StateLock) -> StateLocked:
    return StateLocked(
        f"The state is locked by {lock.who or 'somebody'} since {lock.since or 'an unknown time'}"
        f" (lock {lock.lock_id}).",
        "Wait until that run ends. Only if it is certain that nothing runs there any more: force_unlock.",
        **asdict(lock),
    )


def _known(first: Diagnostic) -> InfraError | None:
    summary = first.summary
    if "saved plan is stale" in summary.lower():
        return PlanRefused(
            "The state has changed since this plan was made.", "Plan again and show the new plan.", reason="stale"
        )
    if "backend configuration changed" in summary.lower() or "approval for state migration" in summary.lower():
        return BackendChanged(
            "The configuration names another backend than the one that was initialised.",
            "change_backend with state migrate takes the state along; leave_behind does not, which needs a local "
            "terraform.tfstate to be moved away first. Ask which is meant.",
        )
    if _UNINITIALISED.search(summary):
        return NotInitialised(f"The directory is not ready: {summary}.", "Run init there, then try again.")
    if "no configuration files" in summary.lower():
        return NotFound("The directory holds no Terraform configuration.", "Give the directory of the .tf files.")
    return None


def _failed(what: str, told: list[Diagnostic]) -> TerraformFailed:
    place = f" at {told[0].file}:{told[0].line}" if told[0].file else ""
    more = f" {len(told) - 1} more below." if len(told) > 1 else ""
    return TerraformFailed(
        f"terraform {what} failed{place}: {told[0].summary}.{more}",
        "Mend the first error first; later ones often follow from it.",
        said="\n".join(_rendered(item) for item in told[:_MOST]),
        diagnostics=[_facts(item) for item in told[:_MOST]],
    )


def _facts(item: Diagnostic) -> dict[str, object]:
    return {name: value for name, value in asdict(item).items() if value is not None}


def _rendered(item: Diagnostic) -> str:
    place = f"{item.file}:{item.line}: " if item.file else ""
    lines = [f"{place}{item.summary}", item.snippet or "", item.detail or ""]
    return "\n".join(line for line in lines if line)


def _plain(what: str, ended: Ended, secrets: Secrets) -> InfraError:
    """For commands and failures that know no JSON."""
    status = "a signal" if ended.exit_status is None else f"exit status {ended.exit_status}"
    text = secrets.mask(ended.stderr)
    if _UNINITIALISED.search(text):
        return NotInitialised("The directory is not ready.", "Run init there, then try again.", said=text)
    problem = f"terraform {what} ended with {status}."
    return backend_failure(text) or TerraformFailed(problem, "Its own words may say why.", said=text)
