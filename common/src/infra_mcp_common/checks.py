"""What `doctor` and `health` are made of: checks that find something out, and how their findings are shown."""

import json
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import anyio

from infra_mcp_common.errors import InfraError, NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_common.tool_calls.answers import scrub

State = Literal["ok", "missing", "todo", "degraded", "failed", "unknown"]
_MARK: dict[State, str] = {
    "ok": "ok  ",
    "missing": "-   ",
    "todo": "TODO",
    "degraded": "WARN",
    "failed": "FAIL",
    "unknown": "??? ",
}


@dataclass(frozen=True)
class Finding:
    """One line of a report. fix: what to do about it, a sentence.

    missing: an optional thing is not there. todo: a setting is needed and not set. degraded: it works, but not as it
    should. failed: it does not work. unknown: it could not be looked at; detail says why.
    """

    check: str
    state: State
    detail: str
    fix: str = ""


Check = Callable[[], AsyncIterator[Finding]]


def from_error(check: str, error: InfraError, state: State = "failed") -> Finding:
    return Finding(check, state, error.problem, error.next_step)


async def run(check: Check, seconds: float, *, otherwise: State = "failed") -> list[Finding]:
    """All that a check finds, what it found before it failed included. otherwise: the state of what kept it from it."""
    findings: list[Finding] = []
    try:
        with anyio.fail_after(seconds):
            async for finding in check():
                findings.append(finding)  # noqa: PERF401 -- the ones before a failure count
    except NotConfigured as error:
        findings.append(from_error(check.__name__, error, "todo" if _is_unset(error) else otherwise))
    except InfraError as error:
        findings.append(from_error(check.__name__, error, otherwise))
    except TimeoutError:
        said = f"no answer within {seconds:g} seconds"
        findings.append(Finding(check.__name__, otherwise, said, "Check the address and the network between."))
    except Exception as error:  # noqa: BLE001 -- the report goes on, and names the check that could not
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"a fault of this server: {type(error).__name__} in {where.name}, line {where.lineno}"
        findings.append(Finding(check.__name__, otherwise, said, "Report it with this line."))
    return findings


def _is_unset(error: NotConfigured) -> bool:
    settings, name = current().settings, error.facts.get("setting")
    return any(setting.name == name and not settings.find(setting) for setting in settings.known)


def masked(findings: Sequence[Finding]) -> list[Finding]:
    """The findings as they may be shown."""
    return [Finding(**scrub(asdict(finding))) for finding in findings]


def show(server: str, findings: Sequence[Finding], verdict: str, *, healthy: bool, as_json: bool) -> None:
    """Print the report, for people or for programs."""
    if as_json:
        told = [asdict(finding) for finding in findings]
        print(json.dumps({"server": server, "healthy": healthy, "verdict": verdict, "findings": told}, indent=2))
        return
    width = max((len(finding.check) for finding in findings), default=0)
    for finding in findings:
        print(f"{_MARK[finding.state]}  {finding.check:<{width}}  {finding.detail}")
        if finding.fix:
            print(f"      {'':<{width}}  -> {finding.fix}")
