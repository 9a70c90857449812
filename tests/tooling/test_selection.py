"""The everyday set is what is not marked `full`, and what shares a fixture runs in one process."""

import re
from pathlib import Path

import pytest

SETS = "import pytest\ndef test_everyday(): ...\n@pytest.mark.full\ndef test_big(): ..."
# Four tests of two servers and two of a module's own fixture; each tells in which process it ran.
SHARING = """
import os, pathlib, pytest
@pytest.fixture(scope="session", params=["ssh", "kubectl"])
def seen(request): return request.param
@pytest.fixture(scope="module")
def shared(): ...
def note(name): (pathlib.Path(os.environ["NOTES"]) / f"{name} {os.getpid()} {os.urandom(4).hex()}").touch()
@pytest.mark.parametrize("turn", range(8))
def test_seen(seen, turn): note(seen)
@pytest.mark.parametrize("turn", range(8))
def test_shared(shared, turn): note("shared")
@pytest.mark.parametrize("turn", range(40))
def test_alone(turn): note("alone")
"""


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    pytester.makeini(f"[pytest]\npythonpath = {Path(__file__).parents[1]}\nmarkers =\n  full: big")
    pytester.makeconftest('pytest_plugins = ["support.selection"]')
    return pytester.runpytest_subprocess(*arguments)


def test_a_test_of_the_full_set_is_left_out_of_the_everyday_one(pytester: pytest.Pytester) -> None:
    run(pytester, SETS).assert_outcomes(passed=1, deselected=1)


def test_full_runs_both(pytester: pytest.Pytester) -> None:
    run(pytester, SETS, "--full").assert_outcomes(passed=2)


@pytest.mark.parametrize(("arguments", "ran"), [((), ["b"]), (("--full",), ["a", "b", "c"])])
def test_the_everyday_set_has_one_variant_of_a_matrix_and_the_full_set_all(
    pytester: pytest.Pytester, arguments: tuple[str, ...], ran: list[str]
) -> None:
    matrix = "import pytest\nfrom support.selection import everyday\n"
    matrix += "@pytest.mark.parametrize('name', everyday('b', 'abc'))\ndef test_it(name): ..."
    result = run(pytester, matrix, "-v", *arguments)
    assert re.findall(r"::test_it\[(\w)\] PASSED", result.stdout.str()) == ran


def test_who_names_only_what_belongs_to_the_full_set_is_told_how_to_run_it(pytester: pytest.Pytester) -> None:
    result = run(pytester, SETS.replace("def test_everyday(): ...", ""))
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines("*scripts/test --full*")


@pytest.mark.parametrize(
    ("arguments", "parallel"), [((), True), (("test_a.py",), True), (("test_a.py::test_it",), False)]
)
def test_one_test_runs_alone_and_more_in_several_processes(
    pytester: pytest.Pytester, arguments: tuple[str, ...], parallel: bool
) -> None:
    run(pytester, "")
    pytester.makepyfile(test_a="def test_it(): ...")
    result = pytester.runpytest_subprocess("-n", "auto", *arguments)
    result.assert_outcomes(passed=1)
    assert ("workers" in result.stdout.str()) is parallel


def test_tests_that_share_a_fixture_of_module_or_a_variant_of_the_sessions_share_the_process(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = pytester.mkdir("notes")
    monkeypatch.setenv("NOTES", str(notes))
    run(pytester, SHARING, "-n", "2", "--dist", "loadgroup").assert_outcomes(passed=64)
    ran = {tuple(note.name.split()[:2]) for note in notes.iterdir()}
    processes = [name for name, _ in ran]
    assert {name: processes.count(name) for name in processes} == {"ssh": 1, "kubectl": 1, "shared": 1, "alone": 2}
