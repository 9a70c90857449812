"""`doctor`: what works, what is missing and how to mend it. Free of secrets; for people, or by --json for programs."""

import sys
from typing import Literal

from infra_mcp_common.checks import Check, Finding, from_error, masked, run, show
from infra_mcp_common.errors import InfraError
from infra_mcp_common.guard.policy import Policy
from infra_mcp_common.runtime import Runtime

Verdict = Literal["ok", "not set up", "broken"]
EXIT: dict[Verdict, int] = {"ok": 0, "broken": 1, "not set up": 3}
_CHECK_SECONDS = 20.0


async def examine(version: str, runtime: Runtime, checks: tuple[Check, ...]) -> list[Finding]:
    """All findings: the general ones, then the server's own, each check bounded in time."""
    findings = [Finding("version", "ok", version), _python(), *_settings(runtime), _policy(runtime.operator)]
    try:
        for check in checks:
            # Checks that wait for the same setting say so once.
            said = {finding.detail for finding in findings if finding.state == "todo"}
            findings += [found for found in await run(check, _CHECK_SECONDS) if found.detail not in said]
    finally:
        await runtime.close()
    return findings


def verdict(findings: list[Finding]) -> Verdict:
    states = {finding.state for finding in findings}
    return "broken" if "failed" in states else "not set up" if "todo" in states else "ok"


def report(server: str, findings: list[Finding], *, as_json: bool) -> int:
    """Print the findings; the exit status is 0 when all is well, 1 when something fails, 3 when a setting is needed."""
    clean = masked(findings)
    found = verdict(clean)
    show(server, clean, found, healthy=found == "ok", as_json=as_json)
    return EXIT[found]


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
