"""A run that must leave nothing out fails when a test is skipped; every run ends with what it left out."""

import re
from pathlib import Path

import pytest

from support.installers import ROOT

SKIPS = {
    "at once": 'import pytest\n@pytest.mark.skip(reason="no sshd")\ndef test_it(): ...',
    "in a fixture": 'import pytest\n@pytest.fixture\ndef sshd(): pytest.skip("no sshd")\ndef test_it(sshd): ...',
    "as a module": 'import pytest\npytest.skip("no sshd", allow_module_level=True)',
}


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS)
def test_no_skips_turns_a_skip_into_a_failure_that_names_its_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("INFRA_MCP_NO_SKIPS", "1")
    result = run(pytester, source)
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines("*no sshd*")


@pytest.mark.parametrize("source", list(SKIPS.values())[:2], ids=list(SKIPS)[:2])
def test_without_it_a_skip_stays_a_skip(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.delenv("INFRA_MCP_NO_SKIPS", raising=False)
    run(pytester, source).assert_outcomes(skipped=1)


@pytest.mark.parametrize("source", list(SKIPS.values())[1:], ids=list(SKIPS)[1:])
def test_what_no_package_brings_stays_a_skip_even_then(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("INFRA_MCP_NO_SKIPS", "1")
    optional = source.replace("import pytest", "import pytest; from support.skips import optional")
    result = run(pytester, re.sub(r"pytest\.skip\(.*?\)", 'optional("recordings")', optional))
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines("1 test: optional: recordings")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_end_counts_what_was_not_run_by_its_reason_and_names_the_one_command_that_installs_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    monkeypatch.delenv("INFRA_MCP_NO_SKIPS", raising=False)
    lines = ["from support.tools import require", "def test_ok(): ..."]
    lines += [f"def test_{number}(): require('no-such-program')" for number in range(2)]
    result = run(pytester, "\n".join(lines), "-n", workers)
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["* not run here *", "2 tests: not installed: no-such-program"], consecutive=True)
    result.stdout.fnmatch_lines(["*: scripts/setup --system", "=* 1 passed*"])


def test_a_run_that_left_nothing_out_says_nothing_of_it(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_ok(): ...")
    result.stdout.no_fnmatch_line("*not run here*")
    result.stdout.no_fnmatch_line("*scripts/setup*")


@pytest.mark.parametrize(("named", "outcome"), [(True, "failed"), (False, "skipped")])
def test_recorded_data_may_be_absent_unless_somebody_said_where_they_are(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, named: bool, outcome: str
) -> None:
    monkeypatch.setenv("INFRA_MCP_NO_SKIPS", "1")
    monkeypatch.setenv("INFRA_MCP_SHARED", str(pytester.path) if named else "")
    result = run(pytester, "from support.shared import shared_data\ndef test_it(): shared_data('no-such-data')")
    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines("*data*no-such-data*")


def test_every_program_that_a_test_asks_for_is_known_to_the_command_that_installs_them() -> None:
    lines = (ROOT / "scripts/system/debian").read_text("utf-8").splitlines()
    known = {line.split()[0] for line in lines if not line.startswith("#")} | {"claude"}
    asked = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r'(?<![.\w])require\("([\w-]+)"', path.read_text("utf-8"))
    }
    assert asked <= known


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    pytester.makeini(f"[pytest]\npythonpath = {Path(__file__).parents[1]}")
    pytester.makeconftest('pytest_plugins = ["support.skips"]')
    return pytester.runpytest_inprocess(*arguments)
