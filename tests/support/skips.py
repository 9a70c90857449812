"""What could not run here: told at the end of a run, and with INFRA_MCP_NO_SKIPS=1 a failure unless it is optional.

A skip is a hole in the proof where every program can be installed. Optional is what no package brings.
"""

import os
from collections import Counter
from collections.abc import Generator
from typing import NoReturn

import pytest

MISSING, OPTIONAL = "not installed: ", "optional: "


def missing(program: str) -> NoReturn:
    """Skip a test for a program that scripts/setup --system installs."""
    pytest.skip(f"{MISSING}{program}", allow_module_level=True)


def optional(what: str) -> NoReturn:
    """Skip a test for something that no package brings, like recordings."""
    pytest.skip(f"{OPTIONAL}{what}", allow_module_level=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and os.environ.get("INFRA_MCP_NO_SKIPS") == "1" and not _reason(report).startswith(OPTIONAL):
        report.longrepr = f"not run, and INFRA_MCP_NO_SKIPS=1 forbids that: {_reason(report)}"
        report.outcome = "failed"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say last, after pytest's own summaries, what was left out and how to have it."""
    yield
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if not hasattr(report, "wasxfail")]
    reasons = Counter(_reason(report) for report in skipped)
    if reasons:
        terminalreporter.section("not run here")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} test{'s' * (count > 1)}: {reason}")
    if any(reason.startswith(MISSING) for reason in reasons):
        terminalreporter.line("To install what is missing: scripts/setup --system")
