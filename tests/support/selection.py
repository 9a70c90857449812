"""Which tests run, and beside which: the everyday set unless --full; what shares a fixture runs in one process."""

import os
from collections.abc import Iterable

import pytest


def everyday(one: object, values: Iterable[object]) -> list[object]:
    """Parameters of a test of which the everyday set has one, and the full set all."""
    known = ((value, value if isinstance(value, tuple) else (value,)) for value in values)
    return [pytest.param(*parts, marks=() if value == one else pytest.mark.full) for value, parts in known]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run also what is marked `full`")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes run the tests; much of a test is waiting: for a deadline, a task, a program to end."""
    if config.args and all("::" in argument for argument in config.args):
        return 0
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("full"):
        left_out = [item for item in items if item.get_closest_marker("full")]
        items[:] = [item for item in items if not item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=left_out)
    for item in items:
        if isinstance(item, pytest.Function) and (name := _shared_fixture(item)):
            item.add_marker(pytest.mark.xdist_group(name))


def _shared_fixture(item: pytest.Function) -> str | None:
    """What is made once for several tests: one of a fixture's variants for the session, or what a module shares."""
    known = item._fixtureinfo.name2fixturedefs
    definitions = [known[name][-1] for name in item.fixturenames if name in known]
    for definition in definitions:
        if definition.scope == "session" and definition.params:
            return f"{definition.argname}-{item.callspec.params[definition.argname]}"
    return item.nodeid.partition("::")[0] if any(each.scope == "module" for each in definitions) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> object:
    result = yield
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not terminalreporter.config.getoption("full"):
        terminalreporter.line("What you named may belong to the full set: scripts/test --full …")
    return result
