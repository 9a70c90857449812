"""A run that must leave nothing out fails when a test is skipped."""

from pathlib import Path

import pytest

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


def run(pytester: pytest.Pytester, source: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    pytester.makeini(f"[pytest]\npythonpath = {Path(__file__).parents[1]}")
    pytester.makeconftest('pytest_plugins = ["support.skips"]')
    return pytester.runpytest_inprocess()
