"""`doctor`: what works, what is missing and how to mend it. Free of secrets; for people, or by --json for programs."""

import json
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from typing import Literal

import anyio

from infra_mcp_common.answers import scrub
from infra_mcp_common.credentials import Settings
from infra_mcp_common.errors import InfraError
from infra_mcp_common.paths import config_file
from infra_mcp_common.policy import Policy

State = Literal["ok", "missing", "failed"]
_MARK: dict[State, str] = {"ok": "ok  ", "missing": "-   ", "failed": "FAIL"}
_CHECK_SECONDS = 20.0


@dataclass(frozen=True)
class Finding:
    """One line of the report. missing: an optional thing is not there; failed: something does not work."""

    check: str
    state: State
    detail: str
    fix: str = ""


Check = Callable[[], AsyncIterator[Finding]]


def from_error(check: str, error: InfraError) -> Finding:
    return Finding(check, "failed", error.problem, error.next_step)


async def examine(version: str, settings: Settings, policy: Policy, checks: tuple[Check, ...]) -> list[Finding]:
    """All findings: the general ones, then the server's own, each check bounded in time."""
    findings = [Finding("version", "ok", version), _python(), *_settings(settings), _policy(policy)]
    for check in checks:
        try:
            with anyio.fail_after(_CHECK_SECONDS):
                findings += [finding async for finding in check()]
        except InfraError as error:
            findings.append(from_error(check.__name__, error))
        except TimeoutError:
            findings.append(Finding(check.__name__, "failed", f"no answer within {_CHECK_SECONDS:g} seconds"))
    return findings


def report(server: str, findings: list[Finding], *, as_json: bool) -> int:
    """Print the findings; 1 if one failed, else 0."""
    clean = [Finding(**scrub(asdict(finding))) for finding in findings]
    healthy = all(finding.state != "failed" for finding in clean)
    if as_json:
        print(json.dumps({"server": server, "healthy": healthy, "findings": [asdict(f) for f in clean]}, indent=2))
    else:
        width = max(len(finding.check) for finding in clean)
        for finding in clean:
            print(f"{_MARK[finding.state]}  {finding.check:<{width}}  {finding.detail}")
            if finding.fix:
                print(f"      {'':<{width}}  -> {finding.fix}")
    return 0 if healthy else 1


def _python() -> Finding:
    return Finding("python", "ok", f"{sys.version.split()[0]} at {sys.executable}")


def _settings(settings: Settings) -> list[Finding]:
    try:
        return [
            Finding(setting.name, "ok", f"set, from {found.source}")
            if (found := settings.find(setting))
            else Finding(setting.name, "missing", f"not set: {setting.meaning}", setting.where)
            for setting in settings.known
        ]
    except InfraError as error:
        return [from_error(str(config_file(settings.server)), error)]


def _policy(policy: Policy) -> Finding:
    if policy.broken:
        return from_error("policy", policy.broken)
    limits = [name for name, value in vars(policy).items() if value and name != "ask"]
    return Finding("policy", "ok", "limits: " + (", ".join(limits) or "none beyond confirmation of destructive tools"))
