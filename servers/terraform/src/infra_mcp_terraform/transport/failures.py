"""Why terraform said no, as errors that say what to do next."""

import re

from infra_mcp_common.errors import InfraError, NotFound, TimedOut
from infra_mcp_terraform.answers.models import Diagnostic
from infra_mcp_terraform.domain.events import diagnostics_in
from infra_mcp_terraform.domain.secrets import Secrets
from infra_mcp_terraform.transport.errors import (
    BackendChanged,
    BackendDenied,
    BackendUnreachable,
    NotInitialised,
    PlanRefused,
    StateLocked,
    TerraformFailed,
)
from infra_mcp_terraform.transport.terraform import Ended

_LOCK = re.compile(r"^\s*(ID|Operation|Who|Created):[ \t]*(.+?)\s*$", re.MULTILINE)
_HELD = re.compile(r"already locked: ID=([\w-]+)")
_UNINITIALISED = re.compile(
    r"backend initialization required|inconsistent dependency lock file|module not installed|"
    r"required plugins are not installed|missing required provider|initialization required|"
    r"module source has changed|registry .* not installed|could not load plugin",
    re.IGNORECASE,
)
# What goes wrong with the place that keeps the state, in the words of terraform and of its backends.
_BACKEND: tuple[tuple[str, type[InfraError], str, str], ...] = (
    (
        r"endpoint requires auth|no valid credential|could not find default credentials",
        BackendDenied,
        "The state backend wants credentials, and has none.",
        "Put them into the environment that this server is started with, as the backend's documentation names them.",
    ),
    (
        r"endpoint invalid auth|AccessDenied|InvalidAccessKeyId|status code: 403|AuthorizationFail",
        BackendDenied,
        "The state backend refuses the credentials.",
        "They may have expired, or lack the right to this state.",
    ),
    (
        r"state file could not be parsed|Unsupported state file format",
        TerraformFailed,
        "What the state backend answered is no state.",
        "Check the address in the backend's configuration; a proxy or portal may stand between.",
    ),
    (
        r"giving up after \d+ attempt|connection refused|no such host|connection reset|i/o timeout|\bEOF\b",
        BackendUnreachable,
        "The state backend does not answer.",
        "Check that it runs and that its address is right. Nothing was changed.",
    ),
)
_MOST = 10


def explain(what: str, ended: Ended, secrets: Secrets, found: list[Diagnostic] | None = None) -> InfraError:
    """The error for a command that failed. found: its diagnostics, where they are not lines of its output."""
    if ended.timed_out:
        return TimedOut(
            f"terraform {what} was interrupted after {ended.seconds:.0f} seconds; the infrastructure is as it was.",
            "Pass a longer timeout.",
        )
    told = [item for item in found or diagnostics_in(ended.events, secrets) if item.severity == "error"]
    if not told:
        return _plain(what, ended, secrets)
    first = told[0]
    if "state lock" in first.summary.lower() and (lock := _lock_in(first.detail or "")):
        return _locked(lock)
    return _known(first) or _failed(what, told)


def _lock_in(detail: str) -> dict[str, str]:
    # The http backend repeats the lock that was asked for; of the one that is held it tells no more than the id.
    if held := _HELD.search(detail):
        return {"ID": held[1]}
    return dict(_LOCK.findall(detail))


def _locked(lock: dict[str, str]) -> StateLocked:
    who, since = lock.get("Who"), lock.get("Created")
    return StateLocked(
        f"The state is locked by {who or 'somebody'} since {since or 'an unknown time'} (lock {lock['ID']}).",
        "Wait until that run ends. Only if it is certain that nothing runs there any more: force_unlock.",
        lock_id=lock["ID"],
        who=who,
        since=since,
        operation=lock.get("Operation"),
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
        diagnostics=[item.model_dump() for item in told[:_MOST]],
    )


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
    if found := next((each for each in _BACKEND if re.search(each[0], text)), None):
        return found[1](found[2], found[3], said=text)
    return TerraformFailed(f"terraform {what} ended with {status}.", "Its own words may say why.", said=text)
