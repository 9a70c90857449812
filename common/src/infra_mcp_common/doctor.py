"""`doctor`: what works, what is missing and how to mend it. Free of secrets; for people, or by --json for programs."""

import json
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from typing import Literal

import anyio

from infra_mcp_common.errors import InfraError, NotConfigured
from infra_mcp_common.guard.policy import Policy
from infra_mcp_common.runtime import Runtime
from infra_mcp_common.settings import Settings
from infra_mcp_common.tool_calls.answers import scrub

State = Literal["ok", "missing", "todo", "failed"]
Verdict = Literal["ok", "not set up", "broken"]
EXIT: dict[Verdict, int] = {"ok": 0, "broken": 1, "not set up": 3}
_MARK: dict[State, str] = {"ok": "ok  ", "missing": "-   ", "todo": "TODO", "failed": "FAIL"}
_CHECK_SECONDS = 20.0


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    missing: an optional thing is not there; todo: a setting is needed and not set; failed: something does not work.
    """

    check: str
    state: State
    detail: str
    fix: str = ""


Check = Callable[[], AsyncIterator[Finding]]


def from_error(check: str, error: InfraError) -> Finding:
    return Finding(check, "failed", error.problem, error.next_step)


async def examine(version: str, runtime: Runtime, checks: tuple[Check, ...]) -> list[Finding]:
    """All findings: the general ones, then the server's own, each check bounded in time."""
    findings = [Finding("version", "ok", version), _python(), *_settings(runtime), _policy(runtime.operator)]
    try:
        for check in checks:
            await _run(check, runtime.settings, findings)
    finally:
        await runtime.close()
    return findings


def verdict(findings: list[Finding]) -> Verdict:
    states = {finding.state for finding in findings}
    return "broken" if "failed" in states else "not set up" if "todo" in states else "ok"


def report(server: str, findings: list[Finding], *, as_json: bool) -> int:
    """Print the findings; the exit status is 0 when all is well, 1 when something fails, 3 when a setting is needed."""
    clean = [Finding(**scrub(asdict(finding))) for finding in findings]
    found = verdict(clean)
    if as_json:
        told = [asdict(finding) for finding in clean]
        print(json.dumps({"server": server, "healthy": found == "ok", "verdict": found, "findings": told}, indent=2))
    else:
        width = max(len(finding.check) for finding in clean)
        for finding in clean:
            print(f"{_MARK[finding.state]}  {finding.check:<{width}}  {finding.detail}")
            if finding.fix:
                print(f"      {'':<{width}}  -> {finding.fix}")
    return EXIT[found]


async def _run(check: Check, settings: Settings, findings: list[Finding]) -> None:
    """Add what a check finds, what it found before it failed included."""
    try:
        with anyio.fail_after(_CHECK_SECONDS):
            async for finding in check():
                findings.append(finding)  # noqa: PERF401 -- the ones before a failure count
    except NotConfigured as error:
        found = _missing(check.__name__, settings, error)
        # Checks that wait for the same setting say so once.
        if found.detail not in {finding.detail for finding in findings}:
            findings.append(found)
    except InfraError as error:
        findings.append(from_error(check.__name__, error))
    except TimeoutError:
        said = f"no answer within {_CHECK_SECONDS:g} seconds"
        findings.append(Finding(check.__name__, "failed", said, "Check the address and the network between."))
    except Exception as error:  # noqa: BLE001 -- the report goes on, and names the check that could not
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"a fault of this server: {type(error).__name__} in {where.name}, line {where.lineno}"
        findings.append(Finding(check.__name__, "failed", said, "Report it with this line."))


def _missing(check: str, settings: Settings, error: NotConfigured) -> Finding:
    name = error.facts.get("setting")
    unset = any(setting.name == name and not settings.find(setting) for setting in settings.known)
    return Finding(check, "todo" if unset else "failed", error.problem, error.next_step)


def _python() -> Finding:
    return Finding("python", "ok", f"{sys.version.split()[0]} at {sys.executable}")


def _settings(runtime: Runtime) -> list[Finding]:
    path, settings = runtime.paths.config_file, runtime.settings
    try:
        told = [
            Finding(setting.name, "ok", f"set, from {found.source}")
            if (found := settings.find(setting))
            else Finding(setting.name, "missing", f"not set: {setting.meaning}", setting.where)
            for setting in settings.known
        ]
        return [Finding("env file", "ok" if path.exists() else "missing", str(path)), *told]
    except InfraError as error:
        return [from_error("env file", error)]


def _policy(policy: Policy) -> Finding:
    if policy.broken:
        return from_error("policy", policy.broken)
    limits = [name for name, value in vars(policy).items() if value and name != "ask"]
    return Finding("policy", "ok", "limits: " + (", ".join(limits) or "none beyond confirmation of destructive tools"))
